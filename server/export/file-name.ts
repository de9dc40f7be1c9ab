/** The name of an exported file, made of the plan's title. */

/** A name that every file system takes, without its ending; "plan" where the title has nothing that one takes. */
export function fileTitle(title: string, snapshot: number | null = null): string {
  const name = snapshot === null ? title : `${title} (snapshot ${snapshot})`;
  return (
    name
      .normalize('NFC')
      .replace(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .replace(/^[\s.]+|[\s.]+$/g, '')
      .slice(0, 100)
      // The cut may have gone through a surrogate pair.
      .toWellFormed()
      .replace(/\ufffd/g, '')
      .trim() || 'plan'
  );
}
