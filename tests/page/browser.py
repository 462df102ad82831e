"""A headless Chromium for the page's tests, driven over the two pipes of its DevTools protocol: nothing but Python and the
browser is needed. A tab does what a person does (looks, clicks, types, presses keys) and remembers what must not happen:
errors on the console, refused content, requests to another host.
"""

import base64
import fcntl
import json
import os
import pathlib
import select
import shutil
import subprocess
import tempfile
import time

DEADLINE_S = float(os.environ.get("TAILRACE_TEST_DEADLINE_S", "60"))

KEYS = {"Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "PageUp": 33, "PageDown": 34, "End": 35, "Home": 36, "ArrowLeft": 37,
        "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}

# In front of every document: what the policy of the daemon refuses is remembered.
WATCH = """window.refusedContent = [];
document.addEventListener('securitypolicyviolation', (event) => refusedContent.push(event.violatedDirective + ' ' + event.blockedURI));"""


def high(descriptor: int) -> int:
    """Above the numbers that the browser wants its pipes under."""
    moved = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 20)
    os.close(descriptor)
    return moved


class Browser:
    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        assert program, "no Chromium here: scripts/setup page installs it"
        self.profile = tempfile.TemporaryDirectory(prefix="tailrace-page-", ignore_cleanup_errors=True)
        to_read, self.to_browser = map(high, os.pipe())
        self.from_browser, to_write = map(high, os.pipe())

        def as_three_and_four():
            os.dup2(to_read, 3)
            os.dup2(to_write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
             f"--user-data-dir={self.profile.name}", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-GB",
             "--disable-background-networking", "--disable-component-update", "--no-first-run", "--mute-audio", "about:blank"],
            preexec_fn=as_three_and_four, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_read)
        os.close(to_write)
        self.received = b""
        self.last_id = 0
        self.tabs = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
            self.process.wait(timeout=20)
        except (OSError, EOFError, TimeoutError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.to_browser)
        os.close(self.from_browser)
        self.profile.cleanup()

    def _message(self, deadline: float) -> dict:
        while b"\0" not in self.received:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.from_browser], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            data = os.read(self.from_browser, 1 << 20)
            if not data:
                raise EOFError("the browser is gone")
            self.received += data
        message, self.received = self.received.split(b"\0", 1)
        return json.loads(message)

    def call(self, method: str, params: dict | None = None, session: str | None = None) -> dict:
        self.last_id += 1
        request = {"id": self.last_id, "method": method, "params": params or {}}
        if session:
            request["sessionId"] = session
        data = json.dumps(request).encode() + b"\0"
        while data:
            data = data[os.write(self.to_browser, data):]
        deadline = time.monotonic() + DEADLINE_S
        while True:
            message = self._message(deadline)
            if message.get("id") == self.last_id:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error'].get('message')}")
                return message["result"]
            if message.get("sessionId") in self.tabs:
                self.tabs[message["sessionId"]].heard(message)

    def tab(self, **look) -> "Tab":
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        tab = Tab(self, target, session)
        self.tabs[session] = tab
        tab.prepare(**look)
        return tab


class Tab:
    def __init__(self, browser: Browser, target: str, session: str):
        self.browser, self.target, self.session = browser, target, session
        self.errors: list[str] = []
        self.requests: list[str] = []

    def call(self, method: str, **params) -> dict:
        return self.browser.call(method, params, self.session)

    def heard(self, message: dict) -> None:
        method, params = message["method"], message["params"]
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error" and params["entry"]["source"] != "network":
            self.errors.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])

    def prepare(self, width: int = 1280, height: int = 860, dark: bool = False, still: bool = True, hidden: bool = False) -> None:
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        if hidden:
            self.call("Page.addScriptToEvaluateOnNewDocument",
                      source="Object.defineProperty(document, 'visibilityState', {get: () => window.inFront ? 'visible' : 'hidden'});")
        self.look(width, height, dark, still)

    def look(self, width: int = 1280, height: int = 860, dark: bool = False, still: bool = True) -> None:
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def close(self) -> None:
        del self.browser.tabs[self.session]
        self.browser.call("Target.closeTarget", {"targetId": self.target})

    # --- what a person does

    def go(self, url: str) -> None:
        self.call("Page.navigate", url=url)

    def evaluate(self, script: str):
        result = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise AssertionError(f"{script[:200]}: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def wait(self, condition: str, what: str = ""):
        """Until the JavaScript `condition` is true; its value comes back. Where it throws, what it looks at is not there yet; a navigation
        in between is waited through."""
        deadline = time.monotonic() + DEADLINE_S
        error = ""
        while time.monotonic() < deadline:
            try:
                value = self.evaluate(
                    f"new Promise((done) => {{ let left = 20; const look = () => {{ let value = false; try {{ value = ({condition}); }} catch {{}}"
                    " if (value || --left === 0) done(value instanceof Node || value); else setTimeout(look, 50); }; look(); })")
                if value:
                    return value
            except (AssertionError, RuntimeError) as problem:
                error = str(problem)
        raise AssertionError(f"waited {DEADLINE_S:.0f} s for {what or condition}; {error}\n{self.text()[:1500]}")

    def see(self, text: str, where: str = "body") -> None:
        self.wait(f"document.querySelector({json.dumps(where)})?.innerText.includes({json.dumps(text)})", f"the text {text!r} in {where}")

    def text(self, selector: str = "body") -> str:
        return self.evaluate(f"document.querySelector({json.dumps(selector)})?.innerText ?? ''")

    def click(self, selector: str) -> None:
        place = self.wait(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); if (!e) return null;"
            " e.scrollIntoView({block: 'center', inline: 'nearest'}); const r = e.getBoundingClientRect();"
            " return r.width > 0 ? [r.x + r.width / 2, r.y + r.height / 2] : null; })()", f"{selector} to click on")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)

    def click_text(self, selector: str, text: str) -> None:
        self.wait(f"(() => {{ const e = [...document.querySelectorAll({json.dumps(selector)})].find((e) => e.innerText.trim().startsWith({json.dumps(text)}));"
                  " document.querySelectorAll('[data-to-click]').forEach((old) => delete old.dataset.toClick);"
                  " if (e) e.dataset.toClick = 'yes'; return Boolean(e); })()", f"{selector} that reads {text!r}")
        self.click("[data-to-click]")

    def press(self, key: str, shift: bool = False) -> None:
        text = {"Enter": "\r", " ": " "}.get(key, "")
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code="Space" if key == " " else key, windowsVirtualKeyCode=KEYS[key],
                      modifiers=8 if shift else 0, **({"text": text} if text and kind == "keyDown" else {}))

    def type(self, selector: str, text: str) -> None:
        self.click(selector)
        self.evaluate("document.activeElement.select?.()")
        self.call("Input.insertText", text=text)

    def choose(self, selector: str, value: str) -> None:
        self.wait(f"document.querySelector({json.dumps(selector)})", selector)
        self.evaluate(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.value = {json.dumps(value)};"
                      " e.dispatchEvent(new Event('change', {bubbles: true})); })()")

    def screenshot(self, path: pathlib.Path, whole: bool = False) -> None:
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.write_bytes(base64.b64decode(shot["data"]))

    # --- what must not happen

    def complaints(self) -> list[str]:
        refused = self.evaluate("window.refusedContent") or []
        return self.errors + [f"refused by the policy: {what}" for what in refused]
