package io.navarch.benchmarks.api;

import io.navarch.http.EventLoops;
import java.nio.file.Path;
import java.time.Duration;

/// Arguments: `KUBECONFIG PID PART...`; a PID of 0: the server's process cannot be looked into.
///
/// Parts: `rates`, `pods=N` (lists of N pods), `selector=N`, `clear`, `watchers=N`, `idle=N`, `pauses=SECONDS`,
/// `definitions=N`, `extensions` ([Extensions]),
/// with hollow nodes `deployments=N`, `rolling=N`, `namespace=N`, `garbage=N`
/// and `jobs=N` ([Workloads]), `soak=MINUTES` ([Soak]), `rest=SECONDS` ([Rest]).
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws Exception {
        try (var eventLoops = new EventLoops(1)) {
            var server = Server.open(Path.of(arguments[0]), eventLoops, Long.parseLong(arguments[1]));
            for (int i = 2; i < arguments.length; i++) {
                var part = arguments[i].split("=");
                int number = part.length > 1 ? Integer.parseInt(part[1]) : 0;
                switch (part[0]) {
                    case "rates" -> new Rates(server, Duration.ofSeconds(5)).run();
                    case "apply" -> new Rates(server, Duration.ofSeconds(20)).apply();
                    case "pods" -> new Lists(server).pods(number);
                    case "selector" -> new Lists(server).selector(number);
                    case "clear" -> new Lists(server).done();
                    case "watchers" -> {
                        new Watchers(server).run(number, 10, 1000, 20, false);
                        new Watchers(server).run(number, 10, 1000, 20, true);
                    }
                    case "definitions" -> new Extensions(server, Duration.ofSeconds(5)).definitions(number);
                    case "extensions" -> new Extensions(server, Duration.ofSeconds(2)).run();
                    case "idle" -> new Watchers(server).idle(number);
                    case "deployments" -> new Workloads(server).deployments(number);
                    case "rolling" -> new Workloads(server).rolling(number);
                    case "namespace" -> new Workloads(server).namespace(number);
                    case "garbage" -> new Workloads(server).garbage(number);
                    case "jobs" -> new Workloads(server).jobs(number);
                    case "pauses" -> new Pauses(server).run(Duration.ofSeconds(number));
                    case "rest" -> new Rest(server).run(Duration.ofSeconds(number));
                    case "soak" ->
                        new Soak(server, Path.of(arguments[0]).resolveSibling("store"))
                                .run(number, Duration.ofMinutes(1));
                    default -> throw new IllegalArgumentException(arguments[i]);
                }
            }
        }
    }
}
