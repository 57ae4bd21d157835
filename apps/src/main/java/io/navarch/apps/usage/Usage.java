package io.navarch.apps.usage;

import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import io.navarch.process.Options.UsageException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// How a command is called.
///
/// @param summary what it does, in a few words
/// @param forms its lines, without the program's name, and what each does
/// @param examples whole lines, and what somebody wants who types them
public record Usage(String name, String summary, List<Line> forms, List<Line> examples, List<Option> options) {
    /// @param meaning may be empty
    public record Line(String text, String meaning) {}

    /// What is typed as it stands; anything else is a placeholder.
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9-]*(\\|[a-z][a-z0-9-]*)*");

    /// @param options of one part of the program each
    @SafeVarargs
    public static Usage of(
            String name, String summary, List<Line> forms, List<Line> examples, List<Option>... options) {
        return new Usage(
                name,
                summary,
                forms,
                examples,
                Stream.of(options).flatMap(List::stream).toList());
    }

    public static Line line(String text, String meaning) {
        return new Line(text, meaning);
    }

    /// What is said of words that are none of the forms.
    public UsageException wrong(List<String> words) {
        var verbs = verbs();
        var verb = words.isEmpty() ? "" : words.getFirst();
        boolean known = verbs.contains(verb);
        if (!verb.isEmpty() && !verbs.isEmpty() && !known)
            return new UsageException("unknown command " + name + " " + verb
                    + Options.nearest(verb, verbs)
                            .map(near -> " (did you mean " + near + "?)")
                            .orElse(": it is one of " + String.join(", ", verbs)));
        return new UsageException("usage: "
                + forms.stream()
                        .filter(form -> !known || verbs(form).anyMatch(verb::equals))
                        .map(form -> "navarch " + form.text)
                        .collect(Collectors.joining(" or ")));
    }

    /// The words that may follow the command's name.
    public List<String> verbs() {
        return forms.stream().flatMap(Usage::verbs).distinct().toList();
    }

    private static Stream<String> verbs(Line form) {
        var words = form.text.split(" ");
        return words.length > 1 && WORD.matcher(words[1]).matches()
                ? Arrays.stream(words[1].split("\\|"))
                : Stream.of();
    }
}
