import { type Locator, type Page, expect } from "@playwright/test";
import { hydrated } from "../support/hydrated.ts";

/** What every page of the console has: navigation, dialogs, the password asked for again. */
export class ConsolePage {
  constructor(readonly page: Page, readonly path: string, readonly staffPassword: string) {}

  async open(query = ""): Promise<void> {
    await this.page.goto(this.path + query);
    await hydrated(this.page);
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("main").getByRole("button", { name });
  }

  /** The dialog that is open. */
  dialog(): Locator {
    return this.page.getByRole("dialog");
  }

  /** The answer of the last action. */
  notice(text: string | RegExp): Locator {
    return this.page.getByRole("status").or(this.page.getByRole("alert")).filter({ hasText: text }).first();
  }

  /**
   * Does what is asked, and types the staff password if it is asked for again on the way there.
   * `outcome` is what the page shows once the action is done.
   */
  async confirming(action: () => Promise<void>, outcome: Locator): Promise<void> {
    await action();
    const question = this.dialog().getByLabel(/^(Su clave|Clave)/);
    await expect(outcome.or(question).first()).toBeVisible();
    if (await question.isVisible()) {
      await question.fill(this.staffPassword);
      await this.dialog().getByRole("button", { name: /^Confirmar/ }).click();
    }
    await expect(outcome.first()).toBeVisible();
  }
}
