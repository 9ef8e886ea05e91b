/** A code block of a page, with the heading that it stands under. */
export interface Block {
  readonly heading: string;
  readonly language: string;
  readonly code: string;
}

/** The code blocks of a Markdown page, in order. */
export function blocksOf(page: string): readonly Block[] {
  let heading = '';
  const blocks: Block[] = [];
  for (const [, title, language = '', code = ''] of page.matchAll(/^#+ (.+)$|^```(\w+)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else blocks.push({ heading, language, code });
  }
  return blocks;
}
