# What micrOS's module Common offers for measuring and drawing.

from machine import ADC, Pin

from services.micros.faces.common import micro_task
from services.micros.faces.pins import bind_pin

_FULL = 65535  # of read_u16()
_CHIP_V = 3.3  # the range of chips that have no read_uv(): RP2
_BATCH_MAX = 256  # steps that are drawn together
_SPEED_MAX_MS = 10_000


class SmartADC:
    """An analogue input."""

    OBJS = {}

    def __init__(self, pin):
        self.adc = ADC(Pin(pin if isinstance(pin, int) else bind_pin(pin)))
        if hasattr(ADC, "ATTN_11DB"):
            self.adc.atten(ADC.ATTN_11DB)

    def get(self):
        """The mean of two samples: {raw, percent, volt}."""
        raw = (self.adc.read_u16() + self.adc.read_u16()) // 2
        part = raw / _FULL
        volt = self.adc.read_uv() / 1_000_000 if hasattr(self.adc, "read_uv") else part * _CHIP_V
        return {"raw": raw, "percent": round(part * 100, 1), "volt": round(volt, 2)}

    @staticmethod
    def get_instance(pin):
        if pin not in SmartADC.OBJS:
            SmartADC.OBJS[pin] = SmartADC(pin)
        return SmartADC.OBJS[pin]


class AnimationPlayer:
    """Plays what a generator yields; a class for a display has update(*data), draw() and clear()."""

    def __init__(self, animation=None, tag=None, batch_draw=False, batch_size=None, loop=True):
        self.animation = None
        if animation is not None and not self._set_animation(animation):
            raise ValueError("Invalid animation function provided.")
        self.batch_draw = batch_draw
        self._size = 8
        self._loop = loop
        self._set_batch_size(batch_size)
        self._player_speed_ms = 10
        self._task_tag = f"{tag or 'animation'}.player"
        self._running = True

    def _set_animation(self, animation):
        if callable(animation):
            self.animation = animation
            return True
        return False

    def _set_batch_size(self, size):
        if size is not None:
            self._size = max(0, min(size, _BATCH_MAX))

    async def _render(self, task):
        """Play the animation once; ends early where it has changed or is stopped."""
        animation = self.animation
        drawn = 0
        if not self.batch_draw:
            self.clear()
        for data in animation():
            if not self._running or self.animation != animation:
                self.clear()
                return
            self.update(*data)
            drawn += 1
            if not self.batch_draw or drawn >= self._size:
                self.draw()
                drawn = 0
                await task.feed(self._player_speed_ms)
        self.draw()

    async def _player(self):
        with micro_task(self._task_tag) as task:
            while self._running:
                task.out = f"Play {getattr(self.animation, '__name__', '')} ({self._player_speed_ms}ms/frame)"
                try:
                    await self._render(task)
                except IndexError:  # the end of the pixels
                    self.draw()
                if not self._loop:
                    break
                await task.feed(self._player_speed_ms)
            task.out = "Animation stopped..." + task.out

    def control(self, play_speed_ms, bt_draw=None, bt_size=None, loop=None):
        """Set what is given; returns all settings."""
        if isinstance(play_speed_ms, int):
            self._player_speed_ms = max(0, min(play_speed_ms, _SPEED_MAX_MS))
        if isinstance(bt_draw, bool):
            self.batch_draw = bt_draw
        if isinstance(bt_size, int):
            self._set_batch_size(bt_size)
        if isinstance(loop, bool):
            self._loop = loop
        return {
            "realtime": not self.batch_draw,
            "batched": self.batch_draw,
            "size": self._size,
            "speed_ms": self._player_speed_ms,
            "loop": self._loop,
        }

    def play(self, animation=None, speed_ms=None, bt_draw=False, bt_size=None, loop=True):
        """Start playing; returns the settings."""
        if animation is not None and not self._set_animation(animation):
            return "Invalid animation"
        if self.animation is None:
            return "No animation to play"
        settings = self.control(speed_ms, bt_draw, bt_size, loop)
        self._running = True
        settings["state"] = list(micro_task(self._task_tag, self._player()).values())[0]
        return settings

    def stop(self):
        self._running = False
        return "Stop animation player"

    def update(self, *data):
        raise NotImplementedError("update")

    def draw(self):
        raise NotImplementedError("draw")

    def clear(self):
        raise NotImplementedError("clear")
