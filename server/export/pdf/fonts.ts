/** The fonts that every PDF is set in, out of packages, so that a plan looks the same wherever it is exported. */
import { readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

const google = (family: string, name: string, styles: readonly string[]): string[] =>
  styles.map((style) => `@expo-google-fonts/${family}/${style}/${name}_${style}.ttf`);

/** All under the SIL Open Font License. template/look.typ names their families in the order in which they are asked for a letter. */
const FILES = [
  ...google('source-serif-4', 'SourceSerif4', [
    '400Regular',
    '400Regular_Italic',
    '600SemiBold',
    '600SemiBold_Italic',
    '700Bold',
    '700Bold_Italic',
  ]),
  ...google('inter', 'Inter', ['400Regular', '400Regular_Italic', '600SemiBold', '600SemiBold_Italic', '700Bold']),
  ...google('noto-sans-mono', 'NotoSansMono', ['400Regular', '700Bold']),
  ...google('noto-sans-symbols-2', 'NotoSansSymbols2', ['400Regular']),
  ...google('noto-emoji', 'NotoEmoji', ['400Regular', '700Bold']),
  '@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf',
  '@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Bold.ttf',
  '@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Regular.ttf',
  '@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Bold.ttf',
  '@embedpdf/fonts-sc/fonts/NotoSansHans-Regular.otf',
  '@embedpdf/fonts-sc/fonts/NotoSansHans-Bold.otf',
  '@embedpdf/fonts-jp/fonts/NotoSansJP-Regular.otf',
  '@embedpdf/fonts-jp/fonts/NotoSansJP-Bold.otf',
  '@embedpdf/fonts-kr/fonts/NotoSansKR-Regular.otf',
  '@embedpdf/fonts-kr/fonts/NotoSansKR-Bold.otf',
];

export function readFonts(): Buffer[] {
  return FILES.map((file) => {
    const [scope, name, ...path] = file.split('/');
    const described = findPackageJSON(`${scope}/${name}`, import.meta.url);
    if (!described) throw new Error(`The package ${scope}/${name} is not installed`);
    return readFileSync(join(dirname(described), ...path));
  });
}
