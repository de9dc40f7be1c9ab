/** The first pages of a PDF as pictures, which any browser shows, also where it has no viewer for PDF. */
import sharp from 'sharp';
import type { Typst } from './typst.ts';

const MOST_PAGES = 3;
/** Pixels: twice what a page takes of the dialogue, for screens with small pixels. */
const WIDTH = 1000;

/** PNGs. */
export function firstPages(typst: Typst, pdf: Uint8Array, pages: number): Promise<Buffer[]> {
  const shown = Array.from({ length: Math.min(pages, MOST_PAGES) }, (_, index) => typst.drawPage(pdf, index + 1));
  return Promise.all(
    shown.map((svg) => sharp(Buffer.from(svg)).resize({ width: WIDTH }).png({ palette: true, colours: 64 }).toBuffer()),
  );
}
