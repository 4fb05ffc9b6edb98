// Scrolling through more rows than a browser's page may be high.
//
// Browsers draw nothing beyond some 17 to 33 million pixels, which a million rows pass. Small steps move the rows by as
// many pixels; a drag of the scroll bar moves them in proportion; when scrolling rests, the bar is put where it belongs.

export const MAX_HEIGHT = 8_000_000;

export class ScrollScale {
  /** Where the table is, in pixels of its true height. */
  position = 0;
  /** Where the element is scrolled to. */
  scrolled = 0;
  private height = 0;
  private view = 0;

  resize(height: number, view: number): void {
    this.height = height;
    this.view = view;
  }

  get isScaled(): boolean {
    return this.height > MAX_HEIGHT;
  }

  get elementHeight(): number {
    return Math.min(this.height, MAX_HEIGHT);
  }

  private get ratio(): number {
    return this.isScaled ? (this.height - this.view) / (MAX_HEIGHT - this.view) : 1;
  }

  scrollTo(scrolled: number): void {
    const step = scrolled - this.scrolled;
    const isSmall = this.isScaled && Math.abs(step) <= this.view * 2;
    this.position = isSmall ? this.clamp(this.position + step) : scrolled * this.ratio;
    this.scrolled = scrolled;
  }

  /** Where the element has to be scrolled to for that position. */
  moveTo(position: number): number {
    this.position = this.clamp(position);
    this.scrolled = this.position / this.ratio;
    return this.scrolled;
  }

  private clamp(position: number): number {
    return Math.max(0, Math.min(position, this.height - this.view));
  }
}
