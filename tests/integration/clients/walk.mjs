// Walks a FHIR server with fhir-kit-client, and prints what it saw as JSON.
import { Client } from "fhir-kit-client";

const [baseUrl, bearerToken] = process.argv.slice(2);
const client = new Client({ baseUrl, bearerToken });
const seen = {};

seen.software = (await client.capabilityStatement()).software.name;
const smart = await client.smartAuthMetadata();
seen.smart = Object.keys(smart).filter((name) => smart[name]).sort();

const made = await client.create({
  resourceType: "Patient",
  body: { resourceType: "Patient", name: [{ family: "Нурмагомедова", given: ["Gulnora"] }] },
});
await client.update({
  resourceType: "Patient", id: made.id, body: { ...made, birthDate: "1970-02-03" },
});
await client.patch({
  resourceType: "Patient", id: made.id,
  jsonPatch: [{ op: "add", path: "/gender", value: "female" }],
});
const now = await client.read({ resourceType: "Patient", id: made.id });
seen.patient = [now.meta.versionId, now.birthDate, now.gender, now.name[0].family];
const first = await client.vread({ resourceType: "Patient", id: made.id, version: "1" });
seen.first = [first.meta.versionId, first.birthDate ?? null];
const history = await client.history({ resourceType: "Patient", id: made.id });
seen.history = history.entry.map((entry) => entry.request.method);

const entries = Array.from({ length: 7 }, (_, number) => ({
  fullUrl: `urn:uuid:00000000-0000-4000-8000-00000000000${number}`,
  resource: {
    resourceType: "Observation", status: "final", code: { coding: [{ system: "urn:kit", code: "x" }] },
    subject: { reference: `Patient/${made.id}` }, valueQuantity: { value: number, unit: "g" },
  },
  request: { method: "POST", url: "Observation" },
}));
const done = await client.transaction({
  body: { resourceType: "Bundle", type: "transaction", entry: entries },
});
seen.transaction = done.entry.map((entry) => entry.response.status.slice(0, 3));

let page = await client.search({
  resourceType: "Observation", searchParams: { code: "urn:kit|x", "subject:Patient.name": "нурмагомедова", _count: 3 },
});
seen.pages = [];
while (page) {
  seen.pages.push(page.entry.length);
  page = await client.nextPage({ bundle: page });
}
const compartment = await client.compartmentSearch({
  resourceType: "Observation", compartment: { resourceType: "Patient", id: made.id },
});
seen.compartment = compartment.entry.length;
const checked = await client.operation({
  name: "validate", resourceType: "Patient", input: { resourceType: "Patient", birthDate: "1970-02-30" },
});
seen.validate = checked.issue.some((issue) => issue.severity === "error");
try {
  await client.read({ resourceType: "Patient", id: "nobody" });
} catch (error) {
  seen.missing = [error.response.status, error.response.data.resourceType];
}
console.log(JSON.stringify(seen));
