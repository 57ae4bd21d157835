package io.navarch.apps.lifecycle;

import io.navarch.apps.snapshot.DataFormat;
import io.navarch.apps.usage.Usage;
import io.navarch.cli.KubeconfigClient;
import io.navarch.cli.TerminalText;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.store.StoreRefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `navarch version`: what this program, the server, its nodes and what is stored are.
public final class VersionCommand {
    private static final Option OUTPUT = Option.value("o", "", "json, or lines when it is not given");
    private static final List<Option> OPTIONS = List.of(AdminAccess.DATA, AdminAccess.KUBECONFIG, OUTPUT);

    public static final Usage USAGE = Usage.of(
            "version",
            "which version this program, the server, its nodes and what is stored are",
            List.of(Usage.line("version [OPTIONS]", "of what cannot be reached it is said")),
            List.of(Usage.line("navarch version -o json", "for programs")),
            OPTIONS);

    private VersionCommand() {}

    /// What is told; of the server either a version or why there is none.
    ///
    /// @param unseen why no nodes can be told of, `""` where they can
    /// @param store in one line; `""` where nothing is stored
    record Told(String client, String server, String unreachable, List<Node> nodes, String unseen, String store) {
        record Node(String name, String version, String runtime) {}

        List<String> lines() {
            var lines = new ArrayList<String>();
            lines.add("client: " + client);
            lines.add("server: " + (server.isEmpty() ? "not reachable: " + unreachable : server));
            for (var node : nodes) lines.add("node:   " + node.name + " " + node.version + ", " + node.runtime);
            if (!unseen.isEmpty()) lines.add("nodes:  not seen: " + unseen);
            lines.add("store:  " + (store.isEmpty() ? "none here" : store));
            return lines;
        }

        Map<String, Object> json() {
            var json = new LinkedHashMap<String, Object>();
            json.put("client", client);
            json.put("server", server);
            if (server.isEmpty()) json.put("unreachable", unreachable);
            json.put(
                    "nodes",
                    nodes.stream()
                            .map(node -> Map.<String, Object>of(
                                    "name", node.name, "version", node.version, "runtime", node.runtime))
                            .toList());
            if (!unseen.isEmpty()) json.put("unseen", unseen);
            json.put("store", store);
            return json;
        }
    }

    /// @param version of this program
    public static int run(String version, List<String> arguments, Map<String, String> environment) throws IOException {
        var options = Options.parse(OPTIONS, arguments, environment).withoutArguments();
        var output = options.string(OUTPUT.name());
        if (!output.isEmpty() && !output.equals("json"))
            throw new Options.UsageException("-o " + output + ": it is json");
        var data = Path.of(options.string(AdminAccess.DATA.name())).toAbsolutePath();
        var given = options.string(AdminAccess.KUBECONFIG.name());
        var told = told(version, given.isEmpty() ? data.resolve("admin.kubeconfig") : Path.of(given), store(data));
        print(told, output.equals("json"), System.out);
        return 0;
    }

    static void print(Told told, boolean json, PrintStream out) {
        if (json) out.println(Json.writeString(told.json()));
        else told.lines().forEach(out::println);
    }

    private static Told told(String version, Path kubeconfig, String store) throws IOException {
        if (!Files.isReadable(kubeconfig)) return new Told(version, "", "no " + kubeconfig, List.of(), "", store);
        try (var eventLoops = new EventLoops(1)) {
            return told(version, KubeconfigClient.open(kubeconfig, eventLoops), store);
        } catch (ApiException e) {
            return new Told(version, "", TerminalText.of(e.message()), List.of(), "", store);
        }
    }

    static Told told(String version, Client client, String store) {
        var server = client.get("/version").get("gitVersion").string();
        try {
            return new Told(version, server, "", nodes(client), "", store);
        } catch (ApiException e) {
            // Not everybody who may ask for the version may see nodes.
            return new Told(version, server, "", List.of(), TerminalText.of(e.message()), store);
        }
    }

    private static List<Told.Node> nodes(Client client) {
        return client.items(Resources.NODES, "", "").stream()
                .map(node -> new Told.Node(
                        node.name(),
                        TerminalText.of(node.status().nodeInfo().kubeletVersion()),
                        TerminalText.of(node.status().nodeInfo().containerRuntimeVersion())))
                .toList();
    }

    /// As the data directory says itself; nobody but root may look.
    static String store(Path data) {
        var file = data.resolve("store/FORMAT");
        if (!Files.isReadable(file)) return "";
        try {
            var words = Files.readString(file, StandardCharsets.ISO_8859_1).split(" ");
            return "embedded, format " + TerminalText.of(words.length > 1 ? words[1] : "?") + "; data directory "
                    + DataFormat.read(data)
                            .map(each -> "format " + each.format() + ", used last by " + each.writer())
                            .orElse("of before there were formats");
        } catch (IOException | StoreRefusedException e) {
            return "embedded; its format cannot be told: " + e.getMessage();
        }
    }
}
