import { describe, expect, it } from "vitest";
import { MAX_HEIGHT, ScrollScale } from "./ScrollScale";

const scaleOf = (height: number, view = 800): ScrollScale => {
  const scale = new ScrollScale();
  scale.resize(height, view);
  return scale;
};

describe("the scroll of a table", () => {
  it("is the element's own as long as that is high enough", () => {
    const scale = scaleOf(40_000);
    scale.scrollTo(12_345);
    expect(scale.position).toBe(12_345);
    expect(scale.elementHeight).toBe(40_000);
  });

  it("moves by a small step as far as the element", () => {
    const scale = scaleOf(32_000_000);
    scale.scrollTo(100);
    expect(scale.position).toBe(100);
  });

  it("reaches the end by a drag", () => {
    const scale = scaleOf(32_000_000);
    scale.scrollTo(MAX_HEIGHT - 800);
    expect(scale.position).toBeCloseTo(32_000_000 - 800);
  });

  it("puts the bar where it belongs", () => {
    const scale = scaleOf(32_000_000);
    for (let at = 0; at <= 100_000; at += 1000) scale.scrollTo(at);
    expect(scale.position).toBe(100_000);
    const scrolled = scale.moveTo(scale.position);
    expect(scrolled).toBeLessThan(26_000);
    scale.scrollTo(scrolled);
    expect(scale.position).toBeCloseTo(100_000);
  });

  it("goes no further than the ends", () => {
    const scale = scaleOf(32_000_000);
    expect(scale.moveTo(-5)).toBe(0);
    scale.moveTo(1e9);
    expect(scale.position).toBe(32_000_000 - 800);
  });
});
