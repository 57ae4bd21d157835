package io.navarch.agent.devices;

/// Why a container cannot have its devices, in the kubelet's words.
final class DeviceShortageException extends RuntimeException {
    DeviceShortageException(String message) {
        super(message);
    }
}
