package io.navarch.process;

import io.navarch.objects.GoText;
import io.navarch.process.Options.Option;
import java.util.ArrayList;
import java.util.List;

/// The options that say what is logged, under Kubernetes' names and with its words for what is wrong.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-logs/
public final class LogOptions {
    private static final String FORMAT = "logging-format";
    private static final String VERBOSITY = "v";
    private static final String MODULES = "vmodule";
    private static final String MORE = "verbose";

    /// What `--verbose` stands for.
    private static final int MUCH = 4;

    public static final List<Option> DECLARED = List.of(
            Option.value(FORMAT, "text", "of the log: text, or json"),
            Option.value(VERBOSITY, "0", "how much is logged: 3 each call of the API, 4 more, 6 nearly all"),
            Option.value(MODULES, "", "classes of which more is logged, such as Audit*=4,Scheduler=6"),
            Option.flag(MORE, "log more: -v 4"));

    private LogOptions() {}

    /// @throws Options.UsageException when they cannot be what they are
    public static LogSettings read(Options options) {
        var format = switch (options.string(FORMAT)) {
            case "text" -> LogSettings.Format.TEXT;
            case "json" -> LogSettings.Format.JSON;
            default ->
                throw new Options.UsageException("--" + FORMAT + ": Invalid value: "
                        + GoText.quoted(options.string(FORMAT)) + ": Unsupported log format");
        };
        var modules = modules(options.string(MODULES));
        if (!modules.isEmpty() && format == LogSettings.Format.JSON)
            throw new Options.UsageException("--" + MODULES + ": Forbidden: Only supported for text log format");
        int verbosity = number(
                options.string(VERBOSITY),
                "invalid argument " + GoText.quoted(options.string(VERBOSITY)) + " for \"-v, --v\" flag: ");
        return new LogSettings(format, options.flag(MORE) ? Math.max(MUCH, verbosity) : verbosity, modules);
    }

    private static List<LogSettings.Module> modules(String text) {
        var modules = new ArrayList<LogSettings.Module>();
        var wrong = "invalid argument " + GoText.quoted(text) + " for \"--" + MODULES + "\" flag: ";
        for (var each : text.split(",")) {
            if (each.isEmpty()) continue;
            int equals = each.indexOf('=');
            boolean whole = equals > 0 && equals < each.length() - 1 && each.indexOf('=', equals + 1) < 0;
            if (!whole)
                throw new Options.UsageException(wrong + GoText.quoted(each) + " does not have the pattern=N format");
            var before = wrong + "parsing verbosity in " + GoText.quoted(each) + ": ";
            modules.add(new LogSettings.Module(each.substring(0, equals), number(each.substring(equals + 1), before)));
        }
        return modules;
    }

    private static int number(String text, String wrong) {
        boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        try {
            if (digits) return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new Options.UsageException(wrong + "strconv.ParseUint: parsing " + GoText.quoted(text) + ": "
                + (digits ? "value out of range" : "invalid syntax"));
    }
}
