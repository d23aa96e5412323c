import type { BrowserContext, ConsoleMessage, Page, Response } from "@playwright/test";

/**
 * Everything that went wrong in the browser without the person seeing it. Chromium reports a breach
 * of the content security policy and a failed request as console errors, so they are here as well.
 */
export class Watch {
  readonly troubles: string[] = [];
  #allowed: RegExp[] = [];

  /** Expects trouble of this kind for the rest of the test, for instance a refused request. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** Watches every page of the context, also those that open later. */
  async over(context: BrowserContext): Promise<void> {
    context.on("console", (message: ConsoleMessage) => {
      const grave = message.type() === "error" || /content security policy|integrity|deprecat/i.test(message.text());
      if (grave) this.#note(`${message.location().url}: ${message.text()}`);
    });
    context.on("weberror", (error) => this.#note(`${error.page()?.url()}: ${error.error().message}`));
    context.on("response", (response: Response) => {
      const status = response.status();
      if (status >= 500) this.#note(`${response.request().method()} ${response.url()}: ${status}`);
    });
    for (const page of context.pages()) this.#crash(page);
    context.on("page", (page) => this.#crash(page));
  }

  #crash(page: Page): void {
    page.on("crash", () => this.#note(`${page.url()}: the page crashed`));
  }

  #note(trouble: string): void {
    if (!this.#allowed.some((pattern) => pattern.test(trouble))) this.troubles.push(trouble);
  }
}
