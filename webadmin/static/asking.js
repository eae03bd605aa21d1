// Asks the site for something while a page stays as it is. What is asked here never changes the cookie of the session
// (`sessions.py`), whatever else the browser opens or sends meanwhile.
export const ask = (address, { headers, ...options } = {}) =>
  fetch(address, { credentials: "same-origin", headers: { ...headers, "X-Requested-With": "fetch" }, ...options });
