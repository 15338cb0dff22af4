import { useEffect, useState } from "react";

/** What the keyboard leaves of the window: where it begins, and how high it is. */
export function useViewport(): { top: number; height: number; isTyping: boolean } {
  const [size, setSize] = useState(measure);
  useEffect(() => {
    const look = () => setSize(measure());
    const view = visualViewport;
    view?.addEventListener("resize", look);
    view?.addEventListener("scroll", look);
    addEventListener("resize", look);
    return () => {
      view?.removeEventListener("resize", look);
      view?.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, []);
  return size;
}

function measure() {
  const view = visualViewport;
  // Zoomed with two fingers, one looks at a part of the page: the page itself must not change.
  if (!view || view.scale > 1.05) return { top: 0, height: innerHeight, isTyping: false };
  return { top: Math.round(view.offsetTop), height: Math.round(view.height), isTyping: document.documentElement.clientHeight - view.height > 120 };
}
