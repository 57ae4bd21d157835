package io.navarch.apps;

import com.sun.management.UnixOperatingSystemMXBean;
import io.navarch.http.ServerLimits;
import java.lang.management.ManagementFactory;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/// The machine that the server runs on.
public record Host(String name, String address) {
    /// As the operating system tells. The address is the first IPv4 address of a device that is up and not ours.
    public static Host local() {
        return new Host(localName(), localAddress());
    }

    private static String localName() {
        try {
            return InetAddress.getLocalHost().getHostName().toLowerCase(Locale.ROOT);
        } catch (UnknownHostException e) {
            return "node";
        }
    }

    private static String localAddress() {
        try {
            return NetworkInterface.networkInterfaces()
                    .filter(Host::leadsOut)
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("127.0.0.1");
        } catch (SocketException e) {
            return "127.0.0.1";
        }
    }

    /// What clients may take of this process.
    static ServerLimits limits() {
        return limits(() -> false);
    }

    /// @param scarce whether memory is
    static ServerLimits limits(BooleanSupplier scarce) {
        long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : 1024;
        return ServerLimits.of(files, Runtime.getRuntime().maxMemory(), scarce);
    }

    private static boolean leadsOut(NetworkInterface device) {
        try {
            return device.isUp()
                    && !device.isLoopback()
                    && !device.getName().startsWith("nav")
                    && !device.getName().startsWith("veth");
        } catch (SocketException e) {
            // The device has gone since.
            return false;
        }
    }
}
