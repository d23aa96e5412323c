import { type Locator, type Page, expect } from "@playwright/test";

/** What the merchant types on the first screen. */
export interface Credentials {
  identification: string;
  email: string;
  mobile: string;
  password: string;
}

/** The merchant's pages, from `/activacion/55`; they work with and without JavaScript. */
export class ActivationPages {
  /** `hand`: how buttons are pressed; a finger taps. */
  constructor(readonly page: Page, readonly hand: "click" | "tap" = "click") {}

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("Active su clave preasignada");
  }

  async fill({ identification, email, mobile, password }: Credentials): Promise<void> {
    await this.page.getByLabel("Identificación").fill(identification);
    await this.page.getByLabel("Correo electrónico registrado").fill(email);
    await this.page.getByLabel("Número celular registrado").fill(mobile);
    await this.page.getByLabel("Clave preasignada", { exact: true }).fill(password);
  }

  async accept(credentials: Credentials): Promise<void> {
    await this.fill(credentials);
    await this.press("Aceptar y continuar");
  }

  async refuse(credentials: Credentials): Promise<void> {
    await this.fill(credentials);
    await this.press("No aceptar y abandonar");
  }

  async confirm(pin: string): Promise<void> {
    await this.pin().fill(pin);
    await this.press("Activar");
  }

  async press(name: string): Promise<void> {
    const button = this.page.getByRole("button", { name, exact: true });
    await (this.hand === "tap" ? button.tap() : button.click());
  }

  /** The PIN's field. */
  pin(): Locator {
    return this.page.getByLabel("PIN de activación");
  }

  /** The summary at the top that says what was wrong. */
  problem(): Locator {
    return this.page.getByRole("alert");
  }

  async expectPinScreen(): Promise<void> {
    await expect(this.page).toHaveURL(/\/activacion\/\d\d\/pin$/);
    await expect(this.pin()).toBeVisible();
  }

  async expectActivated(): Promise<void> {
    await expect(this.page).toHaveURL(/\/activacion\/\d\d\/listo$/);
    await expect(this.page.getByRole("heading", { level: 1 })).toHaveText("Su inscripción ha sido activada");
    await expect(this.page.getByRole("link", { name: "Renovar matrícula mercantil" })).toBeVisible();
    await expect(this.page.getByRole("link", { name: "Menú principal" })).toBeVisible();
  }
}
