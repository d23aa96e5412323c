import type { Page } from "@playwright/test";
import { ActivationPages } from "../pages/activation.ts";
import { expectNoSidewaysScroll } from "../support/accessible.ts";
import { received } from "../support/dispatched.ts";
import { several } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** Every road of an activation, by touch: what the server keeps, whatever the telephone does. */
const people = several(9);
const posts = (page: Page) => {
  const sent: string[] = [];
  page.on("request", (request) => request.method() === "POST" && sent.push(new URL(request.url()).pathname));
  return sent;
};

test.use({ story: "telefonos", merchants: 0 });
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage, people));

/** As a message or a clipboard brings it. */
const spaced = (pin: string) => ` ${pin.slice(0, 3)} ${pin.slice(3)} `;

for (const [at, [width, script]] of ([[360, true], [390, true], [360, false], [390, false]] as const).entries()) {
  test(`the whole road at ${width} px, JavaScript ${script ? "on" : "off"}`, async ({
    stage, mailbox, telephone, plainTelephone,
  }, info) => {
    const phone = script ? telephone : plainTelephone;
    const mine = await received(mailbox, people[at]!, info);
    await phone.setViewportSize({ width, height: 740 });
    const pages = new ActivationPages(phone, "tap");
    await pages.open(stage.activation);
    if (script) await hydrated(phone);
    await expectNoSidewaysScroll(phone);

    await pages.accept({ ...mine, mobile: "604 123 4567", password: "" });
    await expect(phone).toHaveTitle(/^Error: /);
    await expect(pages.problem()).toBeFocused();
    await expect(pages.problem().getByRole("link")).toHaveCount(2);
    await expect(phone.getByLabel("Identificación")).toHaveValue(mine.identification);
    await expectNoSidewaysScroll(phone);

    await pages.accept({ ...mine, identification: ` ${mine.identification} `, mobile: `+57 ${spaced(mine.mobile)}` });
    await pages.expectPinScreen();
    await expect(phone).not.toHaveTitle(/^Error: /);
    await expect(phone.getByText(`${mine.mobile.slice(0, 3)} *** **${mine.mobile.slice(-2)}`)).toBeVisible();
    const wait = script ? /Podrá pedir otro en [01]:\d\d\./ : /Podrá pedir otro desde las \d\d:\d\d:\d\d/;
    await expect(phone.getByText(wait)).toBeVisible();
    await expectNoSidewaysScroll(phone);

    await pages.confirm(spaced(await mailbox.pinFor(mine.mobile)));
    await pages.expectActivated();
    await expectNoSidewaysScroll(phone);
  });
}

test("«atrás» and «recargar» lose nothing and repeat nothing", async ({ stage, mailbox, telephone }, info) => {
  const mine = await received(mailbox, people[4]!, info);
  const pages = new ActivationPages(telephone, "tap");
  const sent = posts(telephone);
  await pages.open(stage.activation);
  await pages.accept(mine);
  await pages.expectPinScreen();
  await telephone.goBack();
  await pages.expectPinScreen();
  await telephone.reload();
  await pages.expectPinScreen();
  expect(sent, "only the form was sent").toEqual(["/api/activacion/aceptar"]);
  await pages.confirm(await mailbox.pinFor(mine.mobile));
  await pages.expectActivated();
  await telephone.reload();
  await pages.expectActivated();
  await telephone.goBack();
  await pages.expectActivated();
  expect(sent).toEqual(["/api/activacion/aceptar", "/api/activacion/confirmar"]);
});

test("two tabs share one request: what one does, the other shows", async ({ stage, mailbox, telephone }, info) => {
  const mine = await received(mailbox, people[5]!, info);
  const [first, second] = [telephone, await telephone.context().newPage()];
  const [here, there] = [new ActivationPages(first, "tap"), new ActivationPages(second, "tap")];
  await here.open(stage.activation);
  await there.open(stage.activation);
  await here.accept(mine);
  await here.expectPinScreen();
  // The other tab still shows the form: its answer is the PIN's page, and no second message.
  await there.accept(mine);
  await there.expectPinScreen();
  await there.confirm(await mailbox.pinFor(mine.mobile));
  await there.expectActivated();
  await here.confirm("000000");
  await here.expectActivated();
});

test("two telephones at once: exactly one activates, the other is told", async ({
  stage, mailbox, telephone, plainTelephone,
}, info) => {
  const mine = await received(mailbox, people[6]!, info);
  const both: [ActivationPages, string][] = [];
  for (const [at, phone] of [telephone, plainTelephone].entries()) {
    const pages = new ActivationPages(phone, "tap");
    await pages.open(stage.activation);
    await pages.accept(mine);
    await pages.expectPinScreen();
    both.push([pages, await mailbox.pinFor(mine.mobile, at + 1)]);
  }
  await Promise.all(both.map(([pages, pin]) => pages.confirm(pin)));
  const outcomes = await Promise.all(both.map(async ([{ page }]) => {
    const told = page.getByText(/^(Su inscripción ha sido activada|Esta solicitud de activación terminó)$/);
    return told.textContent();
  }));
  expect(outcomes.sort()).toEqual(["Esta solicitud de activación terminó", "Su inscripción ha sido activada"]);
});

test("a double tap sends once; without JavaScript the server sees to it", async ({
  stage, mailbox, telephone, plainTelephone, watch,
}, info) => {
  // What the second tap overtakes is cut off.
  watch.allow(/ERR_ABORTED/);
  for (const [at, phone] of [telephone, plainTelephone].entries()) {
    const mine = await received(mailbox, people[7 + at]!, info);
    const pages = new ActivationPages(phone, "tap");
    await pages.open(stage.activation);
    if (phone === telephone) await hydrated(phone);
    const sent = posts(phone);
    await pages.fill(mine);
    await phone.getByRole("button", { name: "Aceptar y continuar" }).dblclick();
    await pages.expectPinScreen();
    if (phone === telephone) expect(sent).toEqual(["/api/activacion/aceptar"]);
    const pin = await mailbox.pinFor(mine.mobile);
    await pages.pin().fill(pin);
    await phone.getByRole("button", { name: "Activar" }).dblclick();
    await pages.expectActivated();
  }
});
