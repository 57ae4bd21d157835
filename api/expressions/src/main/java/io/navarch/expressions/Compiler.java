package io.navarch.expressions;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.parser.CelStandardMacro;
import io.navarch.expressions.estimate.Estimate;
import io.navarch.expressions.estimate.Range;
import io.navarch.expressions.estimate.Sizes;
import io.navarch.expressions.evaluation.Evaluation;
import io.navarch.expressions.function.Functions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The library that compiles expressions, with Kubernetes' functions, and with Kubernetes' words for what it says.
final class Compiler {
    /// Through so many elements an evaluation goes at most.
    private static final int MOST_ITERATIONS = 100_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableOptionalSyntax(true)
            .populateMacroCalls(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .build();

    /// The functions of texts that Kubernetes has; `reverse` came later.
    private static final Set<CelStringExtensions.Function> STRINGS =
            EnumSet.complementOf(EnumSet.of(CelStringExtensions.Function.REVERSE));

    private static final int OPTIONALS = 2;

    /// Errors of the parser; Kubernetes marks them as syntax errors.
    private static final Pattern SYNTAX = Pattern.compile(
            "(ERROR: <input>:\\d+:\\d+: )((?:mismatched|extraneous|missing|no viable|token recognition))");

    /// What could go on where an expression could end as well: Go's parser wants it to end there.
    private static final String END = "expecting {<EOF>, ";

    /// What a function could have been applied to, which Go's checker keeps to itself.
    private static final String CANDIDATES = " (candidates: ";

    private static final String FAILED = "compilation failed: ";

    private static final String OPAQUE_PREFIX = "kubernetes.";
    private static final String OPAQUE = ": type '" + OPAQUE_PREFIX;
    private static final String NO_FIELDS = "' does not support field selection";

    private static final int MOST_ERRORS = 100;
    private static final int LONGEST_ERRORS = 1 << 18;

    private final Declarations declarations = new Declarations();
    private final List<CelFunctionDecl> functions = declarations.functions();
    private final Functions runtime = new Functions();

    Outcome compile(String expression, CelEnvironment environment, CelCompiler common, NamedTypes named) {
        try {
            var compiler = compiler(expression, environment, common, named);
            return checked(expression, compiler.compile(expression), environment);
        } catch (CelValidationException e) {
            return failed(expression, told(e.getSource(), e.getErrors()));
        }
    }

    /// As [#compile], without making anything ready: an error says no more than what is wrong.
    Outcome check(String expression, CelCompiler compiler) {
        var result = compiler.compile(expression);
        var issues = new ArrayList<>(result.getErrors());
        try {
            if (!result.hasError()) {
                issues.addAll(LiteralRules.check(result.getAst()));
                if (issues.isEmpty())
                    return new Outcome("", Types.name(result.getAst().getResultType()));
            }
        } catch (CelValidationException e) {
            throw new IllegalStateException(e);
        }
        var outcome = failed(expression, told(result.getSource(), issues));
        return new Outcome(outcome.error().substring(FAILED.length()), outcome.type());
    }

    Program program(String expression, CelEnvironment environment, CelCompiler common, NamedTypes named) {
        try {
            var compiled = compiler(expression, environment, common, named).compile(expression);
            var outcome = checked(expression, compiled, environment);
            if (!outcome.error().isEmpty()) throw new IllegalArgumentException(outcome.error());
            return new Program(new Evaluation(compiled.getAst(), runtime), outcome.type());
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(
                    failed(expression, told(e.getSource(), e.getErrors())).error(), e);
        }
    }

    Range estimate(String expression, CelCompiler compiler, Sizes sizes) {
        try {
            var compiled = compiler.compile(expression);
            if (!compiled.hasError()) return Estimate.of(compiled.getAst(), sizes);
        } catch (CelValidationException e) {
            // It has been told elsewhere.
        }
        return new Range(0, 0);
    }

    /// @param common the compiler of all expressions of the environment that build no objects
    private CelCompiler compiler(String expression, CelEnvironment environment, CelCompiler common, NamedTypes named)
            throws CelValidationException {
        return environment.objectLiterals()
                ? compiler(environment, named, ObjectTypes.in(common.parse(expression)))
                : common;
    }

    /// What is wrong. Each error shows the line that it is in: of a hundred thousand signs that mean nothing,
    /// each in the
    /// line of all, not all are told. Go's compiler counts the others, too.
    private static String told(CelSource source, List<CelIssue> errors) {
        var text = new StringBuilder();
        int told = 0;
        while (told < Math.min(errors.size(), MOST_ERRORS) && text.length() < LONGEST_ERRORS) {
            if (told > 0) text.append('\n');
            text.append(errors.get(told++).toDisplayString(source));
        }
        if (told < errors.size()) text.append('\n').append(errors.size() - told).append(" more errors were truncated");
        return text.toString();
    }

    private static Outcome failed(String expression, String errors) {
        var text = SYNTAX.matcher(errors).replaceAll("$1Syntax error: $2");
        text = text.lines().map(Compiler::shorter).collect(Collectors.joining("\n"));
        // There is no line to show of nothing.
        if (expression.isEmpty()) text = text.lines().findFirst().orElse("").replaceFirst(":1:1:", ":1:0:");
        return new Outcome(FAILED + text, "dyn");
    }

    /// A line without what only the library tells. Expressions may say the same many times: no pattern looks
    /// for it.
    private static String shorter(String line) {
        int end = line.indexOf(END);
        int close = line.lastIndexOf('}');
        if (end >= 0 && close >= end + END.length())
            return line.substring(0, end) + "expecting <EOF>" + line.substring(close + 1);
        int candidates = line.indexOf(CANDIDATES);
        return candidates >= 0 && line.endsWith(")") ? plain(line.substring(0, candidates)) : ofOpaque(line);
    }

    /// Go calls these types by shorter names.
    private static String plain(String line) {
        return line.replace("google.protobuf.Timestamp", "timestamp").replace("google.protobuf.Duration", "duration");
    }

    /// What Go says of a value that has no fields because nothing is known of its type.
    private static String ofOpaque(String line) {
        int type = line.indexOf(OPAQUE);
        if (type < 0 || !line.endsWith(NO_FIELDS)) return line;
        var name = line.substring(type + OPAQUE.length() - OPAQUE_PREFIX.length(), line.length() - NO_FIELDS.length());
        return line.substring(0, type) + ": unexpected failed resolution of '" + name + "'";
    }

    private Outcome checked(String expression, CelValidationResult result, CelEnvironment environment)
            throws CelValidationException {
        if (result.hasError()) {
            return failed(expression, told(result.getSource(), result.getErrors()));
        }
        var literals = LiteralRules.check(result.getAst());
        if (!literals.isEmpty()) return failed(expression, told(result.getSource(), literals));
        var type = Types.name(result.getAst().getResultType());
        var wanted = environment.results();
        if (wanted.isEmpty() || wanted.contains(type)) return planned(result.getAst(), type);
        var got = Types.shown(type);
        if (wanted.contains("dyn"))
            return new Outcome("must evaluate to " + wanted.getFirst() + " or the unknown type, not " + got, type);
        var words = wanted.size() == 1 ? Types.shown(wanted.getFirst()) : oneOf(wanted);
        return new Outcome("must evaluate to " + words + " but got " + got, type);
    }

    /// What is always the same is worked out when it is planned, and may have no value.
    private Outcome planned(CelAbstractSyntaxTree tree, String type) {
        try {
            Evaluation.check(tree, runtime);
            return new Outcome("", type);
        } catch (IllegalArgumentException e) {
            return new Outcome("program instantiation failed: " + e.getMessage(), type);
        }
    }

    /// Several types as Go shows a list of theirs.
    private static String oneOf(List<String> types) {
        return types.stream()
                .map(type -> type.equals("null") ? "null_type" : Types.shown(type))
                .collect(Collectors.joining(" ", "one of [", "]"));
    }

    /// @param named variables that are fields of one
    CelCompiler compiler(CelEnvironment environment, NamedTypes named, Map<String, CelType> objects) {
        var declared = environment.structures().isEmpty()
                ? declarations
                : new Declarations(declarations, environment.structures());
        var own = new HashMap<>(objects);
        named.type(declared).ifPresent(type -> own.put(type.name(), type));
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.strings(STRINGS),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(OPTIONALS),
                        CelExtensions.comprehensions(),
                        new Macros())
                .addFunctionDeclarations(functions)
                .setTypeProvider(provider(declared, own));
        environment.variables().forEach((name, type) -> builder.addVar(name, declared.type(type)));
        named.type(declared).ifPresent(type -> builder.addVar(NamedTypes.VARIABLE, type));
        return builder.build();
    }

    @SuppressWarnings("Immutable") // Nobody changes the map any more.
    private static CelTypeProvider provider(Declarations declared, Map<String, CelType> objects) {
        var all = new LinkedHashMap<>(declared.structures());
        all.putAll(objects);
        return new CelTypeProvider() {
            @Override
            public ImmutableCollection<CelType> types() {
                return ImmutableList.copyOf(all.values());
            }

            @Override
            public Optional<CelType> findType(String name) {
                return Optional.ofNullable(all.get(name));
            }
        };
    }
}
