import { type Locator, type Page, expect } from "@playwright/test";
import { hydrated } from "../support/hydrated.ts";

/** What every page of the console has: actions, dialogs, the password asked for again. */
export class ConsolePage {
  constructor(readonly page: Page, readonly path: string, readonly staffPassword: string) {}

  async open(): Promise<void> {
    await this.page.goto(this.path);
    await hydrated(this.page);
  }

  /** An action of the page itself, dialogs apart. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole("main").getByRole("button", { name, exact: typeof name === "string" });
  }

  dialog(title: string | RegExp): Locator {
    return this.page.getByRole("dialog", { name: title });
  }

  /** What the page says once an action is done. */
  told(words: string | RegExp): Locator {
    return this.page.getByRole("status").filter({ hasText: words }).first();
  }

  /**
   * Does what is asked, and types the staff password if it is asked for on the way.
   * `outcome` is what the page shows once the action is done.
   */
  async confirming(action: () => Promise<void>, outcome: Locator): Promise<void> {
    await action();
    const question = this.dialog("Confirme su clave");
    await expect(outcome.or(question).first()).toBeVisible();
    if (await question.isVisible()) await this.confirmPassword();
    await expect(outcome).toBeVisible({ timeout: 30_000 });
  }

  async confirmPassword(): Promise<void> {
    const question = this.dialog("Confirme su clave");
    await question.getByLabel("Clave", { exact: true }).fill(this.staffPassword);
    await question.getByRole("button", { name: "Confirmar" }).click();
    await expect(question).toBeHidden();
  }
}
