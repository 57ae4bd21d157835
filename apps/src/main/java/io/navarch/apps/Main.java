package io.navarch.apps;

import io.navarch.apps.lifecycle.CertificatesCommand;
import io.navarch.apps.lifecycle.DoctorCommand;
import io.navarch.apps.lifecycle.DownCommand;
import io.navarch.apps.lifecycle.EncryptionCommand;
import io.navarch.apps.lifecycle.ImageCommand;
import io.navarch.apps.lifecycle.ServiceCommand;
import io.navarch.apps.lifecycle.SnapshotCommand;
import io.navarch.apps.lifecycle.StatusCommand;
import io.navarch.apps.lifecycle.StorageCommand;
import io.navarch.apps.lifecycle.StoreCommand;
import io.navarch.apps.lifecycle.SupportCommand;
import io.navarch.apps.lifecycle.TokenCommand;
import io.navarch.apps.lifecycle.TopCommand;
import io.navarch.apps.lifecycle.UpCommand;
import io.navarch.apps.lifecycle.UserCommand;
import io.navarch.apps.lifecycle.VersionCommand;
import io.navarch.apps.usage.Completion;
import io.navarch.apps.usage.HelpText;
import io.navarch.apps.usage.Usage;
import io.navarch.process.ExitCode;
import io.navarch.process.LogOptions;
import io.navarch.process.Options;
import io.navarch.store.StoreRefusedException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// `navarch COMMAND …`
public final class Main {
    /// What a command does; it gives an exit code.
    private interface Body {
        int run(List<String> arguments, Map<String, String> environment) throws IOException, InterruptedException;
    }

    /// @param usage only looked at when somebody asks for it
    private record Command(String name, Supplier<Usage> usage, Body body) {}

    private static final Usage HELP = Usage.of(
            "help", "what there is", List.of(Usage.line("help [COMMAND]", "the same as COMMAND --help")), List.of());

    private static final Usage COMPLETION = Usage.of(
            "completion",
            "what makes a shell complete this command line",
            List.of(Usage.line("completion bash|zsh|fish", "prints a script")),
            List.of(
                    Usage.line("source <(navarch completion bash)", "in ~/.bashrc"),
                    Usage.line("source <(navarch completion zsh)", "in ~/.zshrc, after compinit"),
                    Usage.line("navarch completion fish | source", "in ~/.config/fish/config.fish")));

    private static final List<Command> COMMANDS = List.of(
            new Command("up", () -> UpCommand.USAGE, UpCommand::run),
            new Command("down", () -> DownCommand.USAGE, DownCommand::run),
            new Command("status", () -> StatusCommand.USAGE, StatusCommand::run),
            new Command("image", () -> ImageCommand.USAGE, ImageCommand::run),
            new Command("doctor", () -> DoctorCommand.USAGE, DoctorCommand::run),
            new Command("storage", () -> StorageCommand.USAGE, StorageCommand::run),
            new Command("top", () -> TopCommand.USAGE, TopCommand::run),
            new Command("user", () -> UserCommand.USAGE, UserCommand::run),
            new Command("token", () -> TokenCommand.USAGE, TokenCommand::run),
            new Command("agent", () -> AgentCommand.USAGE, AgentCommand::run),
            new Command("server", () -> ServerCommand.USAGE, ServerCommand::run),
            new Command("network", () -> NetworkCommand.USAGE, NetworkCommand::run),
            new Command("service", () -> ServiceCommand.USAGE, Main::service),
            new Command("certs", () -> CertificatesCommand.USAGE, CertificatesCommand::run),
            new Command("encryption", () -> EncryptionCommand.USAGE, EncryptionCommand::run),
            new Command(
                    "snapshot",
                    () -> SnapshotCommand.USAGE,
                    (arguments, environment) -> SnapshotCommand.run(ControlPlane.VERSION, arguments, environment)),
            new Command("store", () -> StoreCommand.USAGE, StoreCommand::run),
            new Command(
                    "support",
                    () -> SupportCommand.USAGE,
                    (arguments, environment) -> SupportCommand.run(ControlPlane.VERSION, arguments, environment)),
            new Command("completion", () -> COMPLETION, Main::completion),
            new Command(
                    "version",
                    () -> VersionCommand.USAGE,
                    (arguments, environment) -> VersionCommand.run(ControlPlane.VERSION, arguments, environment)),
            new Command("help", () -> HELP, Main::help));

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments)));
    }

    /// 0 done, 1 failed, 2 wrong usage, 78 a server's directory that it refuses.
    static int run(List<String> arguments) {
        if (arguments.equals(List.of("--version"))) {
            System.out.println("navarch " + ControlPlane.VERSION);
            return 0;
        }
        var name = arguments.isEmpty() ? "help" : named(arguments.getFirst());
        var rest = arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        try {
            var command = command(name);
            if (asksForHelp(rest)) {
                HelpText.of(command.usage.get()).forEach(System.out::println);
                return 0;
            }
            return command.body.run(rest, System.getenv());
        } catch (Options.UsageException e) {
            System.err.println("navarch: " + e.getMessage() + "; see navarch "
                    + (known(name).isPresent() ? name + " --help" : "help"));
            return 2;
        } catch (StoreRefusedException e) {
            System.err.println("navarch: " + e.getMessage());
            // Whoever starts the server again need not.
            return name.equals("server") ? ExitCode.REFUSED : 1;
        } catch (IOException | RuntimeException | LinkageError e) {
            System.err.println("navarch: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            if (System.getenv("NAVARCH_TRACE") != null) e.printStackTrace();
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static String named(String word) {
        return switch (word) {
            case "--help", "-h" -> "help";
            default -> word;
        };
    }

    private static boolean asksForHelp(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h");
    }

    private static Optional<Command> known(String name) {
        return COMMANDS.stream().filter(each -> each.name.equals(name)).findFirst();
    }

    private static Command command(String name) {
        return known(name)
                .orElseThrow(() -> new Options.UsageException("unknown command " + name
                        + Options.nearest(
                                        name,
                                        COMMANDS.stream().map(Command::name).toList())
                                .map(near -> " (did you mean " + near + "?)")
                                .orElse("")));
    }

    private static List<Usage> usages() {
        return COMMANDS.stream().map(each -> each.usage.get()).toList();
    }

    private static int help(List<String> arguments, Map<String, String> environment) {
        if (arguments.size() > 1) throw HELP.wrong(arguments);
        var lines = arguments.isEmpty()
                ? HelpText.overview(usages())
                : HelpText.of(command(arguments.getFirst()).usage.get());
        lines.forEach(System.out::println);
        return 0;
    }

    private static int completion(List<String> arguments, Map<String, String> environment) {
        var shell = Arrays.stream(Completion.values())
                .filter(each -> arguments.equals(List.of(each.shell())))
                .findFirst()
                .orElseThrow(() -> COMPLETION.wrong(arguments));
        System.out.print(shell.script(usages()));
        return 0;
    }

    private static int service(List<String> arguments, Map<String, String> environment)
            throws IOException, InterruptedException {
        return ServiceCommand.run(
                arguments, Map.of("server", Main::server, "agent", Main::agent, "network", Main::network));
    }

    /// What is wrong with them is said before anything is done.
    private static Options server(List<String> arguments) {
        var options = Options.parse(ServerOptions.DECLARED, arguments, System.getenv());
        var ignored = List.of(ServerOptions.read(options, Host.local()), LogOptions.read(options));
        return options;
    }

    private static Options agent(List<String> arguments) {
        var options =
                Options.parse(AgentCommand.DECLARED, arguments, System.getenv()).withoutArguments();
        if (options.given("token"))
            throw new Options.UsageException("everybody on this machine can read units: give --token-file");
        var ignored = List.of(AgentCommand.config(options, Host.local()), LogOptions.read(options));
        return options;
    }

    private static Options network(List<String> arguments) {
        var options = NetworkCommand.read(arguments, System.getenv());
        var ignored = LogOptions.read(options);
        return options;
    }
}
