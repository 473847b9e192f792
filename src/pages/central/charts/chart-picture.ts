/** What of an element's look a picture needs; everything else is the browser's own. */
const LOOK = [
  ...['display', 'position', 'top', 'right', 'bottom', 'left', 'box-sizing', 'width', 'height', 'min-width'],
  ...['min-height', 'margin', 'padding', 'border', 'border-bottom', 'border-top', 'border-radius', 'border-collapse'],
  ...['border-spacing', 'table-layout', 'background-color', 'background-image', 'color', 'opacity', 'overflow'],
  ...['clip-path', 'font', 'font-variant-numeric', 'line-height', 'text-align', 'white-space', 'vertical-align'],
  ...['list-style', 'transform', 'grid-template-columns', 'grid-template-rows', 'grid-column', 'grid-row', 'gap'],
  ...['flex', 'flex-direction', 'flex-wrap', 'align-items', 'align-content', 'align-self', 'justify-content'],
  ...['justify-items', 'justify-self', 'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray'],
  ...['vector-effect', 'box-shadow'],
];
const MARGIN_PX = 16;
/** Sharp on paper and on fine screens. */
const SCALE = 2;

/** Gives a copy the look that its original has by style sheets, which do not reach into a picture. */
function copyLook(from: Element, to: Element): void {
  const computed = getComputedStyle(from);
  if (to instanceof HTMLElement || to instanceof SVGElement)
    for (const name of LOOK) to.style.setProperty(name, computed.getPropertyValue(name));
  for (const [place, child] of [...from.children].entries()) copyLook(child, to.children[place]!);
}

/** A part of the page as it looks now, as PNG: drawn by the browser itself, so no second hand draws the charts. */
export async function pictureOf(element: HTMLElement): Promise<Blob> {
  const { width, height } = element.getBoundingClientRect();
  const copy = element.cloneNode(true) as HTMLElement;
  copyLook(element, copy);
  const xml = new XMLSerializer().serializeToString(copy);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${xml}</foreignObject></svg>`,
  )}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = (width + 2 * MARGIN_PX) * SCALE;
  canvas.height = (height + 2 * MARGIN_PX) * SCALE;
  const context = canvas.getContext('2d')!;
  context.scale(SCALE, SCALE);
  context.fillStyle = getComputedStyle(element.closest('section') ?? document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, MARGIN_PX, MARGIN_PX, width, height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser gave no picture'))), 'image/png');
  });
}
