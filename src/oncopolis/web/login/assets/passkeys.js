"use strict";
(() => {
  const toBytes = (text) => {
    const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
    return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  };
  const toText = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  const send = async (path, fields) => {
    const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields) });
    const values = await answer.json();
    if (!answer.ok) throw new Error(values.told);
    return values;
  };

  const describe = (credential) => {
    const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  };

  const enter = async (place) => {
    const csrf = place.dataset.csrf;
    const offer = await send("/login/passkey/offer", { csrf });
    const publicKey = { ...offer, challenge: toBytes(offer.challenge), allowCredentials: [] };
    const credential = await navigator.credentials.get({ publicKey });
    return send("/login/passkey", { csrf, next: place.dataset.next, credential: describe(credential) });
  };

  const add = async (place) => {
    const csrf = place.dataset.csrf;
    const offer = await send("/account/passkeys/offer", { csrf });
    const publicKey = {
      ...offer,
      challenge: toBytes(offer.challenge),
      user: { ...offer.user, id: toBytes(offer.user.id) },
      excludeCredentials: (offer.excludeCredentials ?? []).map((one) => ({ ...one, id: toBytes(one.id) })),
    };
    const credential = await navigator.credentials.create({ publicKey });
    return send("/account/passkeys", { csrf, name: place.querySelector("input").value, credential: describe(credential) });
  };

  const ways = new Map([["enter", enter], ["add", add]]);
  if (!window.PublicKeyCredential) return;
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const complaint = place.querySelector("[role=alert]");
    place.hidden = false;
    place.querySelector("button").addEventListener("click", async () => {
      complaint.hidden = true;
      try {
        const { next } = await ways.get(place.dataset.passkey)(place);
        location.assign(next);
      } catch (error) {
        if (error.name === "NotAllowedError") return;
        complaint.textContent = error.message;
        complaint.hidden = false;
      }
    });
  }
})();
