"""A real headless Chromium, driven over its DevTools protocol."""

import base64
import json
import re
import shutil
import subprocess
import time
import urllib.request

import websocket
from harness import PATIENCE

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--hide-scrollbars",
)


def program():
    """The path of a Chromium, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page of a Chromium."""

    def __init__(self, directory, width=1280, height=800):
        command = [program(), *FLAGS, "--remote-debugging-port=0", f"--user-data-dir={directory}", "about:blank"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for line in self.process.stderr:
            if found := re.search(r"ws://([\d.:]+)/", line):
                break
        else:
            raise RuntimeError("Chromium does not start")
        with urllib.request.urlopen(f"http://{found[1]}/json/list") as answer:
            page = next(page for page in json.load(answer) if page["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=PATIENCE, suppress_origin=True)
        self.count = 0
        self.messages = []  # what the page has complained about
        self.call("Page.enable")
        self.call("Runtime.enable")
        self.call("Log.enable")
        self.resize(width, height)

    def call(self, method, **parameters):
        """Send a command; returns its result. Events that come meanwhile are looked at."""
        self.count += 1
        self.socket.send(json.dumps({"id": self.count, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.count:
                assert "error" not in message, message
                return message["result"]
            self.event(message)

    def event(self, message):
        parameters = message.get("params", {})
        if message.get("method") == "Log.entryAdded" and parameters["entry"]["level"] == "error":
            self.messages.append(parameters["entry"]["text"] + " " + parameters["entry"].get("url", ""))
        if message.get("method") == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.messages.append(details.get("exception", {}).get("description", details["text"]))

    def resize(self, width, height, mobile=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=mobile)

    def go(self, url):
        self.call("Page.navigate", url=url)

    def back(self):
        """Go back in the history. An expression that does is not answered when the page is gone first."""
        history = self.call("Page.getNavigationHistory")
        entry = history["entries"][history["currentIndex"] - 1]
        self.call("Page.navigateToHistoryEntry", entryId=entry["id"])

    def value(self, expression):
        """The value of an expression in the page; a promise is awaited."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, expression, timeout=PATIENCE):
        """Wait until an expression is true; return its value."""
        end = time.monotonic() + timeout
        while True:
            try:
                if value := self.value(expression):
                    return value
            except AssertionError:  # the page has just changed
                pass
            assert time.monotonic() < end, f"{expression} stays false; {self.messages}; {self.text()[:2000]}"
            time.sleep(0.05)

    def text(self):
        """The text that a reader of the page sees."""
        return self.value("document.body.innerText")

    def click(self, selector):
        self.wait(f"!!document.querySelector({json.dumps(selector)})")
        self.value(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector, text):
        """Put a text into a field, as if it was typed."""
        field = f"document.querySelector({json.dumps(selector)})"
        self.wait("!!" + field)
        self.value(f"{field}.focus(), {field}.select?.()")
        self.call("Input.insertText", text=text)

    def type(self, text):
        """Type into the element that has the focus."""
        self.call("Input.insertText", text=text)

    def press(self, key, code=0, text=""):
        """Press a key: press("Enter", 13, "\\r")."""
        parameters = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **parameters)
        self.call("Input.dispatchKeyEvent", type="keyUp", **parameters)

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(10)
        self.process.stderr.close()
