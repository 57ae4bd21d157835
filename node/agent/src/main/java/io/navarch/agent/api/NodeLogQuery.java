package io.navarch.agent.api;

import io.navarch.objects.FieldError;
import io.navarch.objects.Timestamps;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Which of a machine's logs somebody asks for.
///
/// Source: https://kubernetes.io/docs/concepts/cluster-administration/system-logs/#log-query
///
/// @param services by name
/// @param files by path: names with a slash in them
record NodeLogQuery(List<String> services, List<String> files, Selection selection) {
    private static final int MOST_SERVICES = 4;
    private static final int LONGEST_SERVICE = 256;
    private static final int MOST_LINES = 100_000;
    private static final int LONGEST_PATTERN = 1000;
    private static final Pattern UNSAFE = Pattern.compile("[^a-zA-Z\\-_.:0-9@]");
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-M-d H:m:s");
    private static final String QUERY = "query";

    /// Which lines of a log.
    record Selection(
            Optional<Instant> since,
            Optional<Instant> until,
            Optional<Integer> tailLines,
            Optional<Integer> boot,
            String pattern) {
        static final Selection ALL =
                new Selection(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    /// What cannot even be read.
    static final class MalformedException extends Exception {
        private MalformedException(List<FieldError> errors) {
            super(text(errors));
        }
    }

    /// Empty when nothing of a query is asked for.
    static Optional<NodeLogQuery> parse(Map<String, List<String>> parameters) throws MalformedException {
        var errors = new ArrayList<FieldError>();
        var services = new ArrayList<String>();
        var files = new ArrayList<String>();
        var asked = parameters.getOrDefault(QUERY, List.of());
        for (var each : asked) {
            if (each.contains("/") || each.contains("\\")) files.add(each);
            else if (!each.isBlank()) services.add(each);
        }
        if (parameters.containsKey(QUERY) && files.isEmpty() && services.isEmpty())
            errors.add(FieldError.invalid(QUERY, asked, "may not be empty"));
        var selection = new Selection(
                time(parameters, "sinceTime", errors),
                time(parameters, "untilTime", errors),
                number(parameters, "tailLines", errors),
                number(parameters, "boot", errors),
                first(parameters, "pattern"));
        if (!errors.isEmpty()) throw new MalformedException(errors);
        var query = new NodeLogQuery(List.copyOf(services), List.copyOf(files), selection);
        return services.isEmpty() && files.isEmpty() && selection.equals(Selection.ALL)
                ? Optional.empty()
                : Optional.of(query);
    }

    private static String first(Map<String, List<String>> parameters, String name) {
        return parameters.getOrDefault(name, List.of("")).getFirst();
    }

    private static Optional<Instant> time(Map<String, List<String>> parameters, String name, List<FieldError> errors) {
        var text = first(parameters, name);
        var time = Timestamps.parse(text);
        if (!text.isEmpty() && time.isEmpty()) errors.add(FieldError.invalid(name, text, "invalid time format"));
        return time;
    }

    private static Optional<Integer> number(
            Map<String, List<String>> parameters, String name, List<FieldError> errors) {
        var text = first(parameters, name);
        if (text.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            errors.add(FieldError.invalid(name, text, "strconv.Atoi: parsing \"" + text + "\": invalid syntax"));
            return Optional.empty();
        }
    }

    /// What of it is not allowed, `""` for nothing. Whether a file is there is found out when it is opened.
    String problem() {
        var errors = new ArrayList<FieldError>();
        for (var service : services) {
            if (service.length() > LONGEST_SERVICE)
                errors.add(FieldError.invalid(QUERY, service, "length must be less than " + LONGEST_SERVICE));
            else if (UNSAFE.matcher(service).find())
                errors.add(FieldError.invalid(QUERY, service, "input contains unsupported characters"));
        }
        if (services.size() > MOST_SERVICES)
            errors.add(FieldError.tooMany(QUERY, services.size(), "must have at most " + MOST_SERVICES + " items"));
        if (files.isEmpty() && services.isEmpty())
            errors.add(FieldError.required(QUERY, "cannot be empty with options"));
        else if (!files.isEmpty() && !services.isEmpty())
            errors.add(FieldError.invalid(
                    QUERY, shown(files) + ", " + shown(services), "cannot specify a file and service"));
        else if (files.size() > 1) errors.add(FieldError.invalid(QUERY, files, "cannot specify more than one file"));
        else if (!files.isEmpty() && !selection.equals(Selection.ALL))
            errors.add(FieldError.invalid(QUERY, files, "cannot specify file with options"));
        selection(errors);
        return text(errors);
    }

    private void selection(List<FieldError> errors) {
        var until = selection.until;
        if (selection.since.isPresent()
                && until.isPresent()
                && selection.since.get().isAfter(until.get()))
            errors.add(FieldError.invalid("untilTime", Timestamps.seconds(until.get()), "must be after `sinceTime`"));
        selection
                .boot
                .filter(boot -> boot > 0)
                .ifPresent(boot -> errors.add(FieldError.invalid("boot", boot, "must be less than 1")));
        selection
                .tailLines
                .filter(lines -> lines < 0 || lines > MOST_LINES)
                .ifPresent(lines -> errors.add(
                        FieldError.invalid("tailLines", lines, "must be between 0 and " + MOST_LINES + ", inclusive")));
        if (selection.pattern.length() > LONGEST_PATTERN) {
            errors.add(FieldError.invalid("pattern", "length must be less than " + LONGEST_PATTERN));
            return;
        }
        try {
            var ignored = Pattern.compile(selection.pattern);
        } catch (PatternSyntaxException e) {
            errors.add(FieldError.invalid("pattern", selection.pattern, e.getDescription()));
        }
    }

    private static String shown(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }

    private static String text(List<FieldError> errors) {
        if (errors.size() == 1) return errors.getFirst().toString();
        return errors.isEmpty()
                ? ""
                : "["
                        + String.join(
                                ", ",
                                errors.stream()
                                        .map(FieldError::toString)
                                        .distinct()
                                        .toList()) + "]";
    }

    /// What systemd's journal is asked.
    ///
    /// @param known those of the services that the journal knows
    List<String> journal(List<String> known) {
        var command = new ArrayList<>(List.of("journalctl", "--utc", "--no-pager", "--output=short-precise"));
        selection.since.ifPresent(time -> command.add("--since=" + date(time)));
        selection.until.ifPresent(time -> command.add("--until=" + date(time)));
        selection.tailLines.ifPresent(lines -> command.addAll(List.of("--pager-end", "--lines=" + lines)));
        for (var service : known) command.add("--unit=" + service);
        if (!selection.pattern.isEmpty()) command.add("--grep=" + selection.pattern);
        selection.boot.ifPresent(boot -> command.addAll(List.of("--boot", String.valueOf(boot))));
        return command;
    }

    private static String date(Instant time) {
        return DATE.format(time.atOffset(ZoneOffset.UTC));
    }
}
