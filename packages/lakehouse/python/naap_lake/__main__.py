from naap_lake.worker import main

main()
