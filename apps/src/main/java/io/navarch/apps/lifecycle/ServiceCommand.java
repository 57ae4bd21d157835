package io.navarch.apps.lifecycle;

import io.navarch.apps.usage.Usage;
import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// `navarch service install|uninstall`: has systemd start the server with the machine, look after it and start it
/// again. `… install agent OPTIONS` does so for an agent, `… install network OPTIONS` for DNS and ingress alone.
public final class ServiceCommand {
    public static final Usage USAGE = Usage.of(
            "service",
            "units of systemd: at the start of the machine, and again whenever it ends",
            List.of(
                    Usage.line(
                            "service install [server|agent|network] [OPTIONS of it]", "writes the unit and starts it"),
                    Usage.line("service uninstall [server|agent|network]", "takes it away; pods run on")),
            List.of(Usage.line("navarch service install --data-dir /srv/navarch", "a server with a node")));

    private static final String SERVER = "server";

    private ServiceCommand() {}

    /// Reads the options of a role, and says what is wrong with them.
    public interface Role extends Function<List<String>, Options> {}

    /// @param roles by their names; one that is not named is the server
    public static int run(List<String> arguments, Map<String, Role> roles) throws IOException, InterruptedException {
        var order = Order.read(arguments, roles);
        if (!SystemdService.systemdRuns())
            throw new IOException("systemd does not run on this machine; `navarch up` leaves a supervisor of its own");
        var service = new SystemdService(ServiceUnit.name(order.role));
        if (order.install) install(service, order);
        else if (service.installed()) {
            service.uninstall();
            System.out.println(service.name() + " is gone; pods run on until `navarch down`");
        } else throw new IOException(service.name() + " is not installed");
        return 0;
    }

    private static void install(SystemdService service, Order order) throws IOException, InterruptedException {
        var supervisor = new Cluster(order.directory).supervisor(order.role).process();
        // Two who start it again would be one too many.
        if (supervisor.isPresent()) Cluster.end(supervisor.get());
        service.install(order.unit(SystemdService.version()));
        System.out.println(service.name() + " runs, and starts with this machine");
    }

    /// What is to be done.
    ///
    /// @param options of the role, as they were given
    record Order(boolean install, String role, Path directory, List<String> options) {
        static Order read(List<String> arguments, Map<String, Role> roles) {
            var rest = new ArrayList<>(arguments);
            var action = rest.isEmpty() ? "" : rest.removeFirst();
            if (!action.equals("install") && !action.equals("uninstall")) throw USAGE.wrong(arguments);
            var role = SERVER;
            if (!rest.isEmpty() && !rest.getFirst().startsWith("-")) role = rest.removeFirst();
            if (!roles.containsKey(role)) throw USAGE.wrong(arguments);
            // Said now, not at the next start of the machine. Who uninstalls has nothing to say.
            if (action.equals("uninstall")) {
                if (!rest.isEmpty()) throw USAGE.wrong(arguments);
                return new Order(false, role, Path.of("/"), List.of());
            }
            var read = roles.get(role).apply(rest);
            return new Order(true, role, Path.of(read.string("data-dir")).toAbsolutePath(), List.copyOf(rest));
        }

        ServiceUnit unit(int systemd) {
            var words = new ArrayList<>(List.of(role));
            words.addAll(options);
            // Also when it stands in a file or in the environment now, or is relative.
            words.addAll(List.of("--data-dir", directory.toString()));
            return new ServiceUnit(role, directory, ServerProgram.command(words), systemd);
        }
    }
}
