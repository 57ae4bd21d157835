package io.navarch.apps.usage;

import io.navarch.process.Options.Option;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What makes a shell complete the command line: a script to be read by it.
public enum Completion {
    BASH {
        @Override
        public String script(List<Usage> commands) {
            return """
                    # source <(navarch completion bash)
                    _navarch() {
                        local word=${COMP_WORDS[COMP_CWORD]} options= verbs=
                        COMPREPLY=()
                        if [ "$COMP_CWORD" = 1 ]; then
                            COMPREPLY=($(compgen -W '%s' -- "$word"))
                            return
                        fi
                        case ${COMP_WORDS[1]} in
                    %s    esac
                        case $word in
                            -*) COMPREPLY=($(compgen -W "$options --help" -- "$word")) ;;
                            *) if [ "$COMP_CWORD" = 2 ] && [ -n "$verbs" ]; then COMPREPLY=($(compgen -W "$verbs" -- "$word"))
                               else COMPREPLY=($(compgen -f -- "$word")); fi ;;
                        esac
                    }
                    complete -o filenames -F _navarch navarch
                    """.formatted(
                            names(commands),
                            each(
                                    commands,
                                    usage -> "        " + usage.name() + ") options='" + words(usage.options())
                                            + "' verbs='" + String.join(" ", usage.verbs()) + "' ;;\n"));
        }
    },
    ZSH {
        @Override
        public String script(List<Usage> commands) {
            return """
                    #compdef navarch
                    # source <(navarch completion zsh), or a file _navarch in a directory of $fpath
                    _navarch() {
                        local -a commands options verbs
                        commands=(%s)
                        if (( CURRENT == 2 )); then _describe command commands; return; fi
                        case $words[2] in
                    %s    esac
                        options+=('--help:what this is')
                        case $words[CURRENT] in
                            -*) _describe option options ;;
                            *) if (( CURRENT == 3 && $#verbs )); then _describe verb verbs; else _files; fi ;;
                        esac
                    }
                    compdef _navarch navarch
                    """.formatted(
                            each(commands, usage -> " " + described(usage.name(), usage.summary())),
                            each(
                                    commands,
                                    usage -> "        " + usage.name() + ") options=("
                                            + shown(usage).stream()
                                                    .map(option -> described(
                                                            HelpText.flag(option.name()), option.description()))
                                                    .collect(Collectors.joining(" "))
                                            + ") verbs=(" + String.join(" ", usage.verbs()) + ") ;;\n"));
        }

        // A colon ends the name.
        private String described(String name, String meaning) {
            return quoted(name + ":" + meaning.replace(":", "\\:"));
        }
    },
    FISH {
        @Override
        public String script(List<Usage> commands) {
            return "# navarch completion fish | source\ncomplete -c navarch -l help -d 'what this is'\n"
                    + each(commands, usage -> {
                        var of = "complete -c navarch -n '__fish_seen_subcommand_from " + usage.name() + "'";
                        return "complete -c navarch -f -n __fish_use_subcommand -a " + usage.name() + " -d "
                                + quoted(usage.summary()) + "\n"
                                + (usage.verbs().isEmpty()
                                        ? ""
                                        : of + " -a '" + String.join(" ", usage.verbs()) + "'\n")
                                + shown(usage).stream()
                                        .map(option -> of
                                                + (option.name().length() == 1 ? " -s " : " -l ")
                                                + option.name()
                                                + (option.valued() ? " -r" : "")
                                                + " -d " + quoted(option.description()) + "\n")
                                        .collect(Collectors.joining());
                    });
        }

        // Within such quotes this shell takes a backslash for what it means in them.
        @Override
        String quoted(String text) {
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
        }
    };

    public String shell() {
        return name().toLowerCase(Locale.ROOT);
    }

    public abstract String script(List<Usage> commands);

    String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    private interface Part {
        String of(Usage usage);
    }

    private static String each(List<Usage> commands, Part part) {
        return commands.stream().map(part::of).collect(Collectors.joining());
    }

    private static String names(List<Usage> commands) {
        return commands.stream().map(Usage::name).collect(Collectors.joining(" "));
    }

    /// Those that are not to be typed are left out.
    private static List<Option> shown(Usage usage) {
        return usage.options().stream().filter(option -> !option.secret()).toList();
    }

    private static String words(List<Option> options) {
        return options.stream()
                .filter(option -> !option.secret())
                .map(option -> HelpText.flag(option.name()))
                .collect(Collectors.joining(" "));
    }
}
