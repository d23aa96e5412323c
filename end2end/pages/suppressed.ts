import { type Locator, type Page } from "@playwright/test";
import { ConsolePage } from "./console.ts";

/** `/consola/devueltos`: addresses to which nothing more is sent. */
export class SuppressedPage extends ConsolePage {
  constructor(page: Page, staffPassword: string) {
    super(page, "/consola/devueltos", staffPassword);
  }

  row(address: string): Locator {
    return this.page.getByRole("row").filter({ hasText: address });
  }

  async search(text: string): Promise<void> {
    await this.page.getByRole("searchbox").fill(text);
    await this.page.getByRole("button", { name: "Buscar" }).click();
  }

  async lift(address: string): Promise<void> {
    await this.row(address).getByRole("button", { name: /^Volver a habilitar/ }).click();
    const dialog = this.dialog("Volver a habilitar una dirección");
    const act = dialog.getByRole("button", { name: "Volver a habilitar" });
    await this.confirming(() => act.click(), this.told("La dirección quedó habilitada"));
  }
}
