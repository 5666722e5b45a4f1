"""Sensors and their gateways: what they say by MQTT, HTTP and Modbus becomes readings."""
