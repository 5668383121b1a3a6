/** Hands a text to the browser as a file. */
export function download(name: string, content: string, type: string) {
  downloadBlob(name, new Blob([content], { type }));
}

/** Hands a file to the browser. */
export function downloadBlob(name: string, content: Blob) {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Firefox still reads it after the click.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
