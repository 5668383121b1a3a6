import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from naap_lake.catalogs.rest import open_catalog
from naap_lake.catalogs.settings import LakeSettings, S3Settings


class _ConfigOnly(BaseHTTPRequestHandler):
    """A fake: it says what a Nessie in a network of its own says, and knows no tables."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"defaults": {}, "overrides": {"s3.endpoint": "http://s3:9000"}}).encode())

    def log_message(self, *_: object) -> None:
        pass


def test_what_a_rest_catalog_says_of_the_way_to_s3_goes_after_what_is_configured_here():
    with HTTPServer(("127.0.0.1", 0), _ConfigOnly) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        s3 = S3Settings("http://127.0.0.1:9000", "us-east-1", "naap", "s3cret")
        catalog = open_catalog(LakeSettings("rest", f"http://127.0.0.1:{server.server_port}", "warehouse", s3))
        of_a_table = {"s3.endpoint": "http://s3:9000", "s3.path-style-access": "true"}
        properties = catalog._load_file_io(of_a_table).properties
        server.shutdown()
    assert properties["s3.endpoint"] == "http://127.0.0.1:9000"
    assert properties["s3.path-style-access"] == "true"
