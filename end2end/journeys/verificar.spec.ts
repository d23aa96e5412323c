import { expectAccessible } from "../support/accessible.ts";
import { QUALIFYING } from "../support/extract.ts";
import { pdfText } from "../support/pdf.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

test.use({ story: "verificar", merchants: 0 });
test.beforeAll(async ({ stage }) => campaignSent(stage));

const [ana] = QUALIFYING;

/** A merchant doubts a letter, and asks before he types anything into it. */
for (const scripted of [true, false]) {
  test(`a letter is known by its code and its file, one changed is not, JavaScript ${scripted ? "on" : "off"}`, async ({
    mailbox, telephone, plainTelephone,
  }, info) => {
    const [mail] = await mailbox.mailsTo(ana!.emailnot);
    const pdf = await mailbox.attachment(mail!);
    const text = await pdfText(pdf, info.outputPath("carta.pdf"));
    const [code] = /\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b/.exec(text) ?? [];
    expect(code, "the code is printed").toBeTruthy();

    const screen = scripted ? telephone : plainTelephone;
    const accessible = async () => scripted && expectAccessible(screen);
    await screen.goto("/");
    await screen.getByRole("link", { name: "Verificar si una carta es auténtica" }).click();
    const outcome = screen.getByRole("heading", { level: 2 }).first();

    await screen.getByLabel("Código de verificación").fill(code!.toLowerCase().replaceAll("-", " "));
    await screen.getByRole("button", { name: "Verificar el código" }).click();
    await expect(outcome).toContainText("tiene ese código");
    await expect(screen.getByRole("main")).toContainText(code!);
    await expect(screen.getByRole("main")).toContainText("Vigente: su clave puede activarse.");
    await expect(screen.getByRole("main")).not.toContainText(ana!.numid);
    await accessible();

    const send = async (name: string, buffer: Buffer) => {
      await screen.getByLabel("Archivo de la carta").setInputFiles({ name, mimeType: "application/pdf", buffer });
      await screen.getByRole("button", { name: "Verificar el archivo" }).click();
    };
    await send("clave-segura.pdf", pdf);
    await expect(outcome).toHaveText("La carta es auténtica");
    await accessible();

    const changed = Buffer.from(pdf);
    const at = changed.indexOf("/Reason") + 10;
    changed[at] = changed[at]! ^ 1;
    await send("clave-segura.pdf", changed);
    await expect(outcome).toHaveText("El documento fue alterado");
    await accessible();

    await send("foto.pdf", Buffer.from("GIF89a"));
    await expect(screen.getByLabel("Archivo de la carta")).toHaveAccessibleDescription(/no es un PDF/);
    await accessible();
  });
}
