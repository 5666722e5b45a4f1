"use strict";
// What keeps the last state of a board while the server is away; browsers have it over an encrypted line only.
navigator.serviceWorker?.register("/board/worker.js");
