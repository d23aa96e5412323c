import { type Locator, type Page, expect } from "@playwright/test";

/** One mail of the demo's mailbox. */
export interface Mail {
  address: string;
  subject: string;
}

/** `/buzon`, through its pages. */
export class Mailbox {
  constructor(readonly page: Page) {}

  /** The mails for an address, newest first, once there are at least that many. */
  async mailsTo(recipient: string, atLeast = 1): Promise<Mail[]> {
    const entries = this.#list("Correos").filter({ hasText: recipient });
    await this.#reloadUntil(async () => expect(await entries.count()).toBeGreaterThanOrEqual(atLeast));
    const links = await entries.getByRole("link").all();
    return Promise.all(links.map(async (link) => ({
      address: (await link.getAttribute("href")) ?? "", subject: (await link.textContent()) ?? "",
    })));
  }

  /** Opens a mail and gives the link in it that leads to the activation. */
  async activationLink(mail: Mail): Promise<string> {
    await this.page.goto(mail.address);
    const link = this.page.getByRole("main").getByRole("link", { name: /\/activacion\// }).first();
    return (await link.getAttribute("href")) ?? "";
  }

  /** Opens a confirmation and gives the link by which its owner says «no fui yo». */
  async disownLink(mail: Mail): Promise<string> {
    await this.page.goto(mail.address);
    const link = this.page.getByRole("main").getByRole("link", { name: /\/no-fui-yo\// }).first();
    return (await link.getAttribute("href")) ?? "";
  }

  /** The bytes of a mail's only attachment. */
  async attachment(mail: Mail): Promise<Buffer> {
    await this.page.goto(mail.address);
    const link = this.page.getByRole("region", { name: "Adjuntos" }).getByRole("link");
    await expect(link).toHaveCount(1);
    const answer = await this.page.request.get((await link.getAttribute("href")) ?? "");
    expect(answer.status()).toBe(200);
    return answer.body();
  }

  /** The six digits in the newest of at least that many SMS to a mobile. */
  async pinFor(mobile: string, atLeast = 1): Promise<string> {
    const entries = this.#list("Mensajes de texto").filter({ hasText: new RegExp(mobile.split("").join("\\s?")) });
    await this.#reloadUntil(async () => expect(await entries.count()).toBeGreaterThanOrEqual(atLeast));
    const text = (await entries.first().getByRole("paragraph").textContent()) ?? "";
    const pin = /\b\d{6}\b/.exec(text)?.[0];
    if (!pin) throw new Error(`no PIN in «${text}»`);
    return pin;
  }

  #list(name: string): Locator {
    return this.page.getByRole("region", { name }).getByRole("listitem");
  }

  async #reloadUntil(check: () => Promise<void>): Promise<void> {
    await expect(async () => {
      await this.page.goto("/buzon");
      await check();
    }).toPass({ timeout: 45_000, intervals: [200, 500, 1000] });
  }
}
