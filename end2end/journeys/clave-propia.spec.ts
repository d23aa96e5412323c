import { ActivationPages } from "../pages/activation.ts";
import { expectAccessible } from "../support/accessible.ts";
import { credentials, read } from "../support/dispatched.ts";
import { QUALIFYING } from "../support/extract.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "clave-propia", merchants: 0, common: { EXIGIR_CAMBIO_CLAVE: "SI" } });
test.beforeAll(async ({ stage }) => campaignSent(stage));

const merchants = { on: QUALIFYING[0]!, off: QUALIFYING[1]! };

/** Where the chamber asks for it, the merchant leaves the mailed password behind. */
for (const javaScript of ["on", "off"] as const) {
  test(`a password of one's own is the last step, JavaScript ${javaScript}`, async ({
    stage, mailbox, telephone, plainTelephone,
  }, info) => {
    const merchant = merchants[javaScript];
    const screen = javaScript === "on" ? telephone : plainTelephone;
    const [mail] = await mailbox.mailsTo(merchant.emailnot);
    const { password } = await read(mailbox, mail!, info);
    const pages = new ActivationPages(screen);
    await pages.open(stage.activation);
    await pages.accept(credentials(merchant, password));
    await pages.expectPinScreen();
    await pages.confirm(await mailbox.pinFor(merchant.celnot));
    await expect(screen.getByRole("heading", { level: 1 })).toHaveText("Elija su propia contraseña");

    const choose = async (first: string, second: string) => {
      await screen.getByLabel("Contraseña nueva", { exact: true }).fill(first);
      await screen.getByLabel("Contraseña nueva, otra vez").fill(second);
      await pages.press("Guardar mi contraseña");
    };
    await choose(merchant.numid + merchant.numid, merchant.numid + merchant.numid);
    await expect(screen.getByLabel("Contraseña nueva", { exact: true })).toHaveAttribute("aria-invalid", "true");
    if (javaScript === "on") await expectAccessible(screen);
    await choose("tres gatos verdes", "tres gatos rojos");
    await expect(screen.getByLabel("Contraseña nueva, otra vez")).toHaveAttribute("aria-invalid", "true");
    await screen.reload();
    await choose("tres gatos verdes", "tres gatos verdes");
    await pages.expectActivated();
  });
}
