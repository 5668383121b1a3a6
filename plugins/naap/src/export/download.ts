/** Hands a file to the browser. */
export function download(name: string, content: string, type: string) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Firefox still reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
