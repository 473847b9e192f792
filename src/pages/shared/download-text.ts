/** Saves something as a file on the reader's computer; it goes through no server. */
export function downloadBlob(file: { name: string; content: Blob }): void {
  const url = URL.createObjectURL(file.content);
  const link = document.createElement('a');
  link.href = url;
  link.download = file.name;
  link.click();
  URL.revokeObjectURL(url);
}

/** The same for text; `type` is the file's media type. */
export function downloadText(file: { name: string; text: string; type?: string }): void {
  downloadBlob({ name: file.name, content: new Blob([file.text], { type: file.type ?? 'text/plain' }) });
}

/** The same for CSV; the mark at its head tells spreadsheets that it is UTF-8. */
export function downloadCsv(file: { name: string; text: string }): void {
  downloadText({ name: file.name, text: `\uFEFF${file.text}`, type: 'text/csv;charset=utf-8' });
}
