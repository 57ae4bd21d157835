package io.navarch.process;

import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The options of one command. Each is a flag `--name value`, a key `name` of the YAML file named by `--config`, and a
/// variable `NAVARCH_NAME`; the flag wins over the variable, the variable over the file.
public final class Options {
    /// `valued` is false for a switch that takes no value; `repeated` options collect all their values; `secret`
    /// ones are not taken from the command line, which everybody on the machine can read.
    public record Option(
            String name, String fallback, boolean valued, boolean repeated, boolean secret, String description) {
        public static Option value(String name, String fallback, String description) {
            return new Option(name, fallback, true, false, false, description);
        }

        public static Option list(String name, String description) {
            return new Option(name, "", true, true, false, description);
        }

        public static Option flag(String name, String description) {
            return new Option(name, "", false, false, false, description);
        }

        public static Option secret(String name, String description) {
            return new Option(name, "", true, false, true, description);
        }

        /// The name of the variable in the environment that stands for it.
        public String variable() {
            return "NAVARCH_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
        }
    }

    /// The command line was wrong; the process ends with exit code 2.
    public static final class UsageException extends RuntimeException {
        public UsageException(String message) {
            super(message);
        }
    }

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<Option> declared;
    private final List<String> positional = new ArrayList<>();

    private Options(List<Option> declared) {
        this.declared = new ArrayList<>(declared);
        this.declared.add(Option.value("config", "", "YAML file with any of these options"));
    }

    public static Options parse(List<Option> declared, List<String> arguments, Map<String, String> environment) {
        var options = new Options(declared);
        options.readFlags(arguments);
        for (var option : options.declared) {
            var variable = environment.get(option.variable());
            if (variable != null) options.values.putIfAbsent(option.name, split(option, variable));
        }
        var file = options.string("config");
        if (!file.isEmpty()) options.readFile(Path.of(file));
        return options;
    }

    private void readFlags(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            var argument = arguments.get(i);
            if (!argument.startsWith("-") || argument.equals("-")) {
                positional.add(argument);
                continue;
            }
            int equals = argument.indexOf('=');
            var name = equals > 0 ? argument.substring(0, equals) : argument;
            var option = find(name.replaceFirst(name.length() == 2 ? "^-" : "^--", ""), "flag " + name);
            if (option.secret)
                throw new UsageException("everybody on this machine can read the command line: give --" + option.name
                        + " as " + option.variable() + " in the environment or in the --config file");
            String value;
            if (equals > 0) value = argument.substring(equals + 1);
            else if (!option.valued) value = "true";
            else if (++i < arguments.size()) value = arguments.get(i);
            else throw new UsageException("flag " + name + " needs a value");
            var list = values.computeIfAbsent(option.name, key -> new ArrayList<>());
            if (!option.repeated) list.clear();
            list.add(value);
        }
    }

    private void readFile(Path file) {
        try {
            if (!(Yaml.parse(Files.readString(file)) instanceof Map<?, ?> map)) return;
            map.forEach((key, value) -> {
                var option = find((String) key, "key \"" + key + "\" in " + file);
                var texts = value instanceof List<?> list
                        ? list.stream().map(String::valueOf).toList()
                        : List.of(String.valueOf(value));
                values.putIfAbsent(option.name, texts);
            });
        } catch (IOException e) {
            throw new UsageException("cannot read --config " + file + ": " + e.getMessage());
        }
    }

    private static List<String> split(Option option, String value) {
        return option.repeated ? Arrays.asList(value.split(",")) : List.of(value);
    }

    private Optional<Option> declared(String name) {
        return declared.stream().filter(option -> option.name.equals(name)).findFirst();
    }

    private Option find(String name, String what) {
        var found = declared(name);
        if (found.isPresent()) return found.get();
        var names = declared.stream().map(Option::name).toList();
        throw new UsageException("unknown " + what
                + nearest(name, names)
                        .map(near -> " (did you mean --" + near + "?)")
                        .orElse(""));
    }

    /// The known name most similar to a mistyped one, if any is similar enough.
    public static Optional<String> nearest(String typed, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(typed, name)))
                .filter(name -> distance(typed, name) <= Math.max(2, typed.length() / 2));
    }

    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }
        return row[b.length()];
    }

    public List<String> positional() {
        return positional;
    }

    /// These options, for a command that takes nothing but options.
    ///
    /// @throws UsageException when there is an argument
    public Options withoutArguments() {
        if (!positional.isEmpty()) throw new UsageException("unexpected argument " + positional.getFirst());
        return this;
    }

    /// All options with the values that count, for whoever looks at a running process; secrets are not told.
    public Map<String, String> told() {
        var told = new LinkedHashMap<String, String>();
        for (var option : declared) {
            var value = option.repeated ? String.join(",", strings(option.name)) : string(option.name);
            if (!option.valued) value = String.valueOf(flag(option.name));
            told.put(option.name, option.secret && !value.isEmpty() ? "[REDACTED]" : value);
        }
        return told;
    }

    public boolean given(String name) {
        return values.containsKey(name);
    }

    public String string(String name) {
        var given = values.get(name);
        if (given != null && !given.isEmpty()) return given.getLast();
        return declared(name).orElseThrow(() -> new IllegalArgumentException("undeclared option " + name)).fallback;
    }

    public String string(String name, String otherwise) {
        var value = string(name);
        return value.isEmpty() ? otherwise : value;
    }

    /// The value, or what stands in the file that the option `NAME-file` names.
    public String stringOrFile(String name) {
        var option = name + "-file";
        var file = string(option);
        if (file.isEmpty()) return string(name);
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            throw new UsageException("cannot read --" + option + " " + file + ": " + e.getMessage());
        }
    }

    public boolean flag(String name) {
        return string(name).equals("true");
    }

    public List<String> strings(String name) {
        return values.getOrDefault(name, List.of());
    }

    /// `--flag a,b --flag c` gives three names.
    public List<String> names(String name) {
        return strings(name).stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    public int integer(String name) {
        try {
            return Integer.parseInt(string(name));
        } catch (NumberFormatException e) {
            throw new UsageException("--" + name + " must be a number, not \"" + string(name) + "\"");
        }
    }
}
