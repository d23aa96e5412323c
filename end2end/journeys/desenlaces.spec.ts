import { CampaignPage } from "../pages/campaign.ts";
import { logIn } from "../pages/login.ts";
import { SuppressedPage } from "../pages/suppressed.ts";
import { expectAccessible } from "../support/accessible.ts";
import { nameOf, several } from "../support/extract.ts";
import { campaignSelected } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

const [taken] = several(1, "", 30);
const [once] = several(1, "rechazadouna", 31);
const [never] = several(1, "rechazado", 32);
const [later] = several(1, "despues", 33);
const [doubtful] = several(1, "incierto", 34);

test.use({ story: "desenlaces", merchants: 0 });
test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ stage }) => campaignSelected(stage, [taken!, once!, never!, later!, doubtful!]));
test.beforeEach(async ({ page, stage }) => logIn(page, stage));

test("every outcome has its figure and its words", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  await campaign.send("5", campaign.told(/con 5 correos/));
  const batch = campaign.newestBatch();
  await campaign.expectFigures(batch, {
    Enviados: 1, Rechazados: 2, "Por reintentar": 1, Inciertos: 1, Pendientes: 0,
  });
  const mails = await campaign.openMails(batch);
  const row = (text: string) => mails.getByRole("row").filter({ hasText: text });
  await expect(row(taken!.emailnot)).toContainText("Enviada");
  await expect(row(never!.emailnot)).toContainText("Rechazada por el correo");
  await expect(row(never!.emailnot)).toContainText("550 5.1.1");
  await expect(row(later!.emailnot)).toContainText("1 intento no aceptado");
  await expect(row(later!.emailnot)).toContainText("Próximo intento");
  await expectAccessible(page);

  await batch.getByLabel("Estado").selectOption({ label: "Entrega incierta" });
  await expect(mails.getByRole("row")).toHaveCount(2);
  await expect(row(doubtful!.emailnot)).toBeVisible();
});

test("a refused mail is tried again and leaves", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  const batch = campaign.newestBatch();
  const mails = await campaign.openMails(batch);
  const again = mails.getByRole("button", { name: `Reintentar el correo de ${nameOf(once!)}` });
  await campaign.confirming(() => again.click(), campaign.told("volvió a quedar por enviar"));
  await campaign.expectFigures(batch, { Enviados: 2, Rechazados: 1 });
  await expect(mails.getByRole("row").filter({ hasText: once!.emailnot })).toContainText("Enviada");
});

test("all refused ones are tried again after a question", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  const batch = campaign.newestBatch();
  await batch.getByRole("button", { name: /^Reintentar los rechazados/ }).click();
  const dialog = campaign.dialog("Reintentar los rechazados");
  await expect(dialog).toContainText("1 correo rechazado");
  await expectAccessible(page);
  const act = dialog.getByRole("button", { name: "Reintentar", exact: true });
  await campaign.confirming(() => act.click(), campaign.told("1 correo volvió a quedar por enviar"));
  // The mailbox still does not exist.
  await campaign.expectFigures(batch, { Enviados: 2, Rechazados: 1 });
});

test("an uncertain mail is decided by a person, with the keyboard alone", async ({ page, stage }) => {
  const campaign = new CampaignPage(page, stage.password);
  await campaign.open();
  const table = page.getByRole("group", { name: "Lista de correos por atender" });
  const resend = table.getByRole("button", { name: `Reenviar el correo de ${nameOf(doubtful!)}` });
  await resend.focus();
  await page.keyboard.press("Enter");
  const dialog = campaign.dialog("Reenviar un correo de entrega incierta");
  await expect(dialog).toContainText("dos veces");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(resend).toBeFocused();

  const sent = table.getByRole("button", { name: `Dar por enviado el correo de ${nameOf(doubtful!)}` });
  await sent.focus();
  await campaign.confirming(() => page.keyboard.press("Enter"), campaign.told("se dio por enviado"));
  await campaign.expectFigures(campaign.newestBatch(), { Enviados: 3, Inciertos: 0 });
});

test("a refused address stands among the returned ones until somebody takes it off", async ({ page, stage }) => {
  const returned = new SuppressedPage(page, stage.password);
  await page.getByRole("link", { name: "Correos devueltos" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Correos devueltos");
  await expect(returned.row(never!.emailnot)).toContainText("Rechazada al enviar");
  await expect(returned.row(never!.emailnot)).toContainText(nameOf(never!));
  await expectAccessible(page);

  await returned.search("nadie@");
  await expect(page).toHaveURL(/buscar=nadie/);
  await expect(page.getByText("Ninguna dirección coincide con la búsqueda")).toBeVisible();
  await returned.search("rechazado@");
  await returned.lift(never!.emailnot);
  await expect(returned.row(never!.emailnot)).toBeHidden();
});
