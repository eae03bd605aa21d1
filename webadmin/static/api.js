"use strict";

/* The form at /api: fills itself by the operation chosen, sends the request, shows what came back. */
(() => {
  const at = (id) => document.getElementById(id);
  const operation = at("operation");

  const chosen = () => operation.selectedOptions[0].dataset;

  operation.addEventListener("change", () => {
    at("address").value = chosen().address;
    at("body").value = chosen().body;
  });

  const headersToSend = (hasBody) => {
    const headers = { "Accept-Language": document.documentElement.lang };
    if (at("token").value) headers.Authorization = `Bearer ${at("token").value.trim()}`;
    if (at("key").value) headers["Idempotency-Key"] = at("key").value;
    if (hasBody) headers["Content-Type"] = "application/json";
    return headers;
  };

  // Only spaces are added: numbers keep every digit they came with.
  const indented = (text) => {
    let depth = 0;
    let inside = false;
    let out = "";
    const line = () => `\n${"  ".repeat(depth)}`;
    for (let index = 0; index < text.length; index += 1) {
      const sign = text[index];
      if (inside) {
        out += sign;
        if (sign === "\\") out += text[(index += 1)];
        else if (sign === '"') inside = false;
      } else if (sign === '"') {
        inside = true;
        out += sign;
      } else if ((sign === "{" || sign === "[") && !"}]".includes(text[index + 1])) {
        depth += 1;
        out += sign + line();
      } else if ((sign === "}" || sign === "]") && !"{[".includes(text[index - 1])) {
        depth -= 1;
        out += line() + sign;
      } else if (sign === ",") out += sign + line();
      else out += sign === ":" ? ": " : sign;
    }
    return out;
  };

  const show = (status, headers, content) => {
    at("status").textContent = status;
    at("headers").textContent = headers;
    at("received").textContent = content;
    at("answer").hidden = false;
  };

  at("try").addEventListener("submit", async (event) => {
    event.preventDefault();
    at("send").disabled = true;
    const { method } = chosen();
    const hasBody = method !== "GET" && at("body").value !== "";
    try {
      const response = await fetch(at("address").value, {
        method,
        headers: headersToSend(hasBody),
        body: hasBody ? at("body").value : undefined,
        credentials: "omit",
      });
      const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
      show(`${response.status} ${response.statusText}`, lines.join("\n"), indented(await response.text()));
    } catch (error) {
      show(at("try").dataset.failed, "", String(error));
    } finally {
      at("send").disabled = false;
    }
  });
})();
