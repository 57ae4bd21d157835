package io.navarch.apps;

import io.navarch.apps.lifecycle.CertificatesCommand;
import io.navarch.apps.lifecycle.DownCommand;
import io.navarch.apps.lifecycle.EncryptionCommand;
import io.navarch.apps.lifecycle.ImageCommand;
import io.navarch.apps.lifecycle.ServiceCommand;
import io.navarch.apps.lifecycle.StatusCommand;
import io.navarch.apps.lifecycle.StorageCommand;
import io.navarch.apps.lifecycle.StoreCommand;
import io.navarch.apps.lifecycle.TokenCommand;
import io.navarch.apps.lifecycle.UpCommand;
import io.navarch.apps.lifecycle.UserCommand;
import io.navarch.process.ExitCode;
import io.navarch.process.Options;
import io.navarch.store.StoreRefusedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// `navarch COMMAND …`
public final class Main {
    private static final List<String> COMMANDS = List.of(
            "up",
            "down",
            "status",
            "server",
            "agent",
            "network",
            "image",
            "encryption",
            "storage",
            "store",
            "certs",
            "token",
            "user",
            "service");

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    /// 0 done, 1 failed, 2 wrong usage, 78 a server's directory that it refuses.
    static int run(List<String> arguments) {
        if (arguments.isEmpty()
                || arguments.getFirst().equals("--help")
                || arguments.getFirst().equals("help")) {
            System.out.println("usage: navarch COMMAND [OPTIONS]\ncommands: " + String.join(", ", COMMANDS));
            return arguments.isEmpty() ? 2 : 0;
        }
        var command = arguments.getFirst();
        var rest = arguments.subList(1, arguments.size());
        try {
            return switch (command) {
                case "up" -> UpCommand.run(rest, System.getenv());
                case "down" -> DownCommand.run(rest, System.getenv());
                case "status" -> StatusCommand.run(rest, System.getenv());
                case "server" -> ServerCommand.run(rest, System.getenv());
                case "agent" -> AgentCommand.run(rest, System.getenv());
                case "network" -> NetworkCommand.run(rest, System.getenv());
                case "image" -> ImageCommand.run(rest, System.getenv());
                case "encryption" -> EncryptionCommand.run(rest, System.getenv());
                case "storage" -> StorageCommand.run(rest, System.getenv());
                case "store" -> StoreCommand.run(rest, System.getenv());
                case "token" -> TokenCommand.run(rest, System.getenv());
                case "user" -> UserCommand.run(rest, System.getenv());
                case "service" ->
                    ServiceCommand.run(
                            rest, Map.of("server", Main::server, "agent", Main::agent, "network", Main::network));
                case "certs" -> CertificatesCommand.run(rest, System.getenv());
                case "--version", "version" -> {
                    System.out.println("navarch " + ControlPlane.VERSION);
                    yield 0;
                }
                default ->
                    throw new Options.UsageException("unknown command " + command
                            + Options.nearest(command, COMMANDS)
                                    .map(near -> " (did you mean " + near + "?)")
                                    .orElse(""));
            };
        } catch (Options.UsageException e) {
            System.err.println("navarch: " + e.getMessage());
            return 2;
        } catch (StoreRefusedException e) {
            System.err.println("navarch: " + e.getMessage());
            // Whoever starts the server again need not.
            return command.equals("server") ? ExitCode.REFUSED : 1;
        } catch (IOException | RuntimeException | LinkageError e) {
            System.err.println("navarch: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            if (System.getenv("NAVARCH_TRACE") != null) e.printStackTrace();
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /// What is wrong with them is said before anything is done.
    private static Options server(List<String> arguments) {
        var options = Options.parse(ServerOptions.DECLARED, arguments, System.getenv());
        var ignored = ServerOptions.read(options, Host.local());
        return options;
    }

    private static Options agent(List<String> arguments) {
        var options =
                Options.parse(AgentCommand.DECLARED, arguments, System.getenv()).withoutArguments();
        if (options.given("token"))
            throw new Options.UsageException("everybody on this machine can read units: give --token-file");
        var ignored = AgentCommand.config(options, Host.local());
        return options;
    }

    private static Options network(List<String> arguments) {
        return NetworkCommand.read(arguments, System.getenv());
    }
}
