package io.navarch.expressions;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Compiles CEL expressions as Kubernetes does, to tell what is wrong with one before it is stored, and makes them
/// ready
/// to be evaluated.
///
/// Source: https://kubernetes.io/docs/reference/using-api/cel/
public final class Expressions {
    /// Through so many elements an evaluation goes at most.
    private static final int MOST_ITERATIONS = 100_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .enableHeterogeneousNumericComparisons(true)
            .enableHomogeneousLiterals(true)
            .enableOptionalSyntax(true)
            .populateMacroCalls(true)
            .comprehensionMaxIterations(MOST_ITERATIONS)
            .build();

    /// Errors of the parser; Kubernetes marks them as syntax errors.
    private static final Pattern SYNTAX = Pattern.compile(
            "(ERROR: <input>:\\d+:\\d+: )((?:mismatched|extraneous|missing|no viable|token recognition))");

    /// What could go on where an expression could end as well: Go's parser wants it to end there.
    private static final String END = "expecting {<EOF>, ";

    /// What a function could have been applied to, which Go's checker keeps to itself.
    private static final String CANDIDATES = " (candidates: ";

    private static final int MOST_ERRORS = 100;
    private static final int LONGEST_ERRORS = 1 << 18;

    private final Declarations declarations = new Declarations();
    private final List<CelFunctionDecl> functions = declarations.functions();
    private final Map<CelEnvironment, CelCompiler> compilers = new ConcurrentHashMap<>();

    /// Made when something is evaluated first: most expressions are only compiled.
    private static final class Evaluation {
        static final CelRuntime RUNTIME = CelRuntimeFactory.legacyCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions())
                .build();
    }

    /// The result of compiling.
    ///
    /// @param error what is wrong, in Kubernetes' words, or `""`
    /// @param type the type of the expression as a [CelEnvironment] writes it; `dyn` if there is an error
    public record Outcome(String error, String type) {}

    /// Compiles an expression.
    public Outcome compile(String expression, CelEnvironment environment) {
        try {
            var compiler = compiler(expression, environment);
            return checked(expression, compiler.compile(expression), environment);
        } catch (CelValidationException e) {
            return failed(expression, told(e.getSource(), e.getErrors()));
        }
    }

    /// Makes an expression ready that [#compile] has found right. Structures are read as maps.
    ///
    /// @throws IllegalArgumentException when it is not right
    public Program program(String expression, CelEnvironment environment) {
        var variables = new LinkedHashMap<String, String>();
        environment.variables().keySet().forEach(name -> variables.put(name, "dyn"));
        try {
            var untyped = new CelEnvironment(variables, Map.of(), List.of(), false);
            var compiled = compiler(expression, untyped).compile(expression);
            if (compiled.hasError())
                throw new IllegalArgumentException(told(compiled.getSource(), compiled.getErrors()));
            return new Program(Evaluation.RUNTIME.createProgram(compiled.getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private CelCompiler compiler(String expression, CelEnvironment environment) throws CelValidationException {
        if (environment.objectLiterals()) return compiler(environment, literals(expression, environment));
        // Compilers of environments that belong to a single object are not cached.
        boolean common = environment.structures().isEmpty()
                && environment.variables().keySet().stream().noneMatch(name -> name.startsWith("variables."));
        return common
                ? compilers.computeIfAbsent(environment, each -> compiler(each, Map.of()))
                : compiler(environment, Map.of());
    }

    /// What is wrong. Each error shows the line that it is in: of a hundred thousand signs that mean nothing, each in
    /// the
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
        text = text.lines().map(Expressions::shorter).collect(Collectors.joining("\n"));
        // There is no line to show of nothing.
        if (expression.isEmpty()) text = text.lines().findFirst().orElse("").replaceFirst(":1:1:", ":1:0:");
        return new Outcome("compilation failed: " + text, "dyn");
    }

    /// A line without what only the library tells. Expressions may say the same many times: no pattern looks for it.
    private static String shorter(String line) {
        int end = line.indexOf(END);
        int close = line.lastIndexOf('}');
        if (end >= 0 && close >= end + END.length())
            return line.substring(0, end) + "expecting <EOF>" + line.substring(close + 1);
        int candidates = line.indexOf(CANDIDATES);
        return candidates >= 0 && line.endsWith(")") ? line.substring(0, candidates) : line;
    }

    private static Outcome checked(String expression, CelValidationResult result, CelEnvironment environment)
            throws CelValidationException {
        if (result.hasError()) {
            return failed(expression, told(result.getSource(), result.getErrors()));
        }
        var type = name(result.getAst().getResultType());
        var wanted = environment.results();
        if (wanted.isEmpty() || wanted.contains(type)) return new Outcome("", type);
        var got = shown(type);
        if (wanted.contains("dyn"))
            return new Outcome("must evaluate to " + wanted.getFirst() + " or the unknown type, not " + got, type);
        var words = wanted.size() == 1 ? shown(wanted.getFirst()) : oneOf(wanted);
        return new Outcome("must evaluate to " + words + " but got " + got, type);
    }

    /// Several types as Go shows a list of theirs.
    private static String oneOf(List<String> types) {
        return types.stream()
                .map(type -> type.equals("null") ? "null_type" : shown(type))
                .collect(Collectors.joining(" ", "one of [", "]"));
    }

    /// A type as messages show it: `list(int)`.
    private static String shown(String type) {
        return type.replace('<', '(').replace('>', ')').replace(",", ", ");
    }

    private static String name(CelType type) {
        var name = type.name();
        if (type.equals(SimpleType.NULL_TYPE)) return "null";
        if (type.parameters().isEmpty()) return name.equals("any") ? "dyn" : name;
        var inner = type.parameters().stream().map(Expressions::name).toList();
        var head = name.equals("optional_type") ? "optional" : name;
        return head + "<" + String.join(",", inner) + ">";
    }

    private CelCompiler compiler(CelEnvironment environment, Map<String, CelType> objects) {
        var declared = environment.structures().isEmpty()
                ? declarations
                : new Declarations(declarations, environment.structures());
        var builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                .addLibraries(
                        CelExtensions.strings(),
                        CelExtensions.sets(OPTIONS),
                        CelExtensions.optional(),
                        CelExtensions.comprehensions())
                .addFunctionDeclarations(functions)
                .setTypeProvider(provider(declared, objects));
        environment.variables().forEach((name, type) -> builder.addVar(name, declared.type(type)));
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

    /// The types of the object literals in an expression; their fields are those that it sets.
    // Types name each other, so fields are looked up when they are asked for; all are known by then.
    @SuppressWarnings("Immutable")
    private Map<String, CelType> literals(String expression, CelEnvironment environment) throws CelValidationException {
        var parsed = compiler(environment, Map.of()).parse(expression);
        // What is wrong is told by whoever compiles it next.
        if (parsed.hasError()) return Map.of();
        CelAbstractSyntaxTree tree = parsed.getAst();
        var fields = new LinkedHashMap<String, Set<String>>();
        fields.put("Object", new LinkedHashSet<>());
        CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == CelExpr.ExprKind.Kind.STRUCT)
                .forEach(node -> {
                    var struct = node.expr().struct();
                    var known = fields.computeIfAbsent(struct.messageName(), any -> new LinkedHashSet<>());
                    struct.entries().forEach(entry -> known.add(entry.fieldKey()));
                });
        var types = new HashMap<String, CelType>();
        fields.forEach((name, known) -> {
            if (!name.equals("Object") && !name.startsWith("Object.")) return;
            types.put(
                    name,
                    StructType.create(
                            name,
                            ImmutableSet.copyOf(known),
                            field -> Optional.of(types.getOrDefault(name + "." + field, SimpleType.DYN))));
        });
        return types;
    }
}
