import type { CDPSession, Page } from "@playwright/test";
import { ActivationPages } from "../pages/activation.ts";
import { received } from "../support/dispatched.ts";
import { several } from "../support/extract.ts";
import { hydrated } from "../support/hydrated.ts";
import { campaignSent } from "../support/prepared.ts";
import { expect, test } from "../support/test.ts";

/** The line between a telephone and the server: what it carries, and what happens when it is slow or fails. */
const people = several(4, "", 50);
const KB = 1000;

test.use({ story: "linea", merchants: 0 });
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ stage }) => campaignSent(stage, people));

interface Fetched {
  path: string;
  bytes: number;
  encoding: string;
}

/** Everything the page fetches, headers and all; what it had kept costs nothing. */
async function fetches(page: Page): Promise<Fetched[]> {
  const line: CDPSession = await page.context().newCDPSession(page);
  await line.send("Network.enable");
  const begun = new Map<string, Omit<Fetched, "bytes">>();
  const done: Fetched[] = [];
  line.on("Network.responseReceived", ({ requestId, response }) => {
    const headers = new Map(Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]));
    begun.set(requestId, {
      path: new URL(response.url).pathname, encoding: headers.get("content-encoding") ?? "",
    });
  });
  line.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const known = begun.get(requestId);
    if (known) done.push({ ...known, bytes: encodedDataLength });
  });
  return done;
}

const sum = (list: Fetched[]) => list.reduce((total, { bytes }) => total + bytes, 0);

test("usable within 60 kB, the client within 150 kB, and the next page costs its HTML only", async ({
  stage, mailbox, telephone,
}, info) => {
  const mine = await received(mailbox, people[0]!, info);
  const all = await fetches(telephone);
  const pages = new ActivationPages(telephone, "tap");
  const weigh = async (name: string) => {
    await hydrated(telephone);
    const fetched = all.splice(0);
    const wasm = fetched.filter(({ path }) => path.endsWith(".wasm"));
    const before = fetched.filter(({ path }) => !path.endsWith(".wasm"));
    console.log(`    ${name}: ${(sum(before) / KB).toFixed(1)} kB before the WASM, ${(sum(wasm) / KB).toFixed(1)} kB of it`);
    expect(wasm, "one client, and no code of the console").toHaveLength(1);
    expect(fetched.filter(({ path }) => path.includes("consola"))).toEqual([]);
    expect(sum(before), "until usable").toBeLessThan(60 * KB);
    expect(sum(wasm), "the WASM").toBeLessThan(150 * KB);
    return { before, wasm: wasm[0]! };
  };
  await pages.open(stage.activation);
  const form = await weigh("form");
  expect(form.wasm.encoding).toBe("br");
  expect(form.before.filter(({ encoding }) => encoding !== "br").map(({ path }) => path), "uncompressed").toEqual([]);
  await pages.accept(mine);
  await pages.expectPinScreen();
  const pin = await weigh("PIN");
  const carried = [pin.wasm, ...pin.before].filter(({ bytes }) => bytes > 0);
  expect(carried.map(({ path }) => path)).toEqual(["/activacion/55/pin"]);
});

test("on a slow line the form is filled in before the client comes, and it disturbs nobody", async ({
  stage, mailbox, telephone,
}, info) => {
  const mine = await received(mailbox, people[1]!, info);
  const line = await telephone.context().newCDPSession(telephone);
  await line.send("Network.enable");
  await line.send("Network.emulateNetworkConditions", {
    offline: false, latency: 400, downloadThroughput: 50 * KB, uploadThroughput: 25 * KB,
  });
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await telephone.route("**/*.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  const pages = new ActivationPages(telephone, "tap");
  await pages.open(stage.activation);
  await pages.press("Aceptar y continuar");
  await expect(pages.problem()).toBeFocused();
  const mail = telephone.getByLabel("Correo electrónico registrado");
  await mail.tap();
  await mail.pressSequentially("ana@");
  await expect(telephone.locator("html[data-vivo]")).toHaveCount(0);
  release();
  await hydrated(telephone);
  await expect(mail, "the summary takes no focus from who is typing").toBeFocused();
  await expect(mail).toHaveValue("ana@");
  await mail.blur();
  await expect(mail).toHaveAccessibleDescription(/Revise el correo electrónico/);
  await pages.accept(mine);
  await pages.expectPinScreen();
  await pages.confirm(await mailbox.pinFor(mine.mobile));
  await pages.expectActivated();
});

for (const [at, [what, broken]] of [["script", "**/activacion.js*"], ["WASM", "**/*.wasm*"]].entries()) {
  test(`a ${what} that never arrives harms nothing`, async ({ stage, mailbox, telephone, watch }, info) => {
    watch.allow(/Failed to load resource|ERR_FAILED/);
    const mine = await received(mailbox, people[2 + at]!, info);
    let refused = 0;
    await telephone.route(broken!, (route) => {
      refused++;
      return route.abort();
    });
    const pages = new ActivationPages(telephone, "tap");
    await pages.open(stage.activation);
    await expect.poll(() => refused).toBe(1);
    await pages.accept(mine);
    await pages.expectPinScreen();
    await expect(telephone.getByText(/desde las \d\d:\d\d:\d\d/)).toBeVisible();
    const pin = await mailbox.pinFor(mine.mobile);
    await pages.confirm(`${pin.slice(0, 3)} ${pin.slice(3)}`);
    await pages.expectActivated();
  });
}
