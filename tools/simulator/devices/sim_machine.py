# What MicroPython's firmware calls the boards (MICROPY_HW_BOARD_NAME with MICROPY_HW_MCU_NAME).

NAMES = {
    "pico": "Raspberry Pi Pico with RP2040",
    "pico-w": "Raspberry Pi Pico W with RP2040",
    "pico2": "Raspberry Pi Pico2 with RP2350",
    "pico2-w": "Raspberry Pi Pico 2 W with RP2350",
    "esp32-wroom-32": "Generic ESP32 module with ESP32",
    "esp32-cam": "Generic ESP32 module with SPIRAM with ESP32",
    "esp32-s3-devkitc": "Generic ESP32S3 module with Octal-SPIRAM with ESP32S3",
    "esp32-c3": "ESP32C3 module with ESP32C3",
    "esp32-c6": "ESP32C6 module with ESP32C6",
}
