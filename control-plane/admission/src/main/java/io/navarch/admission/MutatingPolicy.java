package io.navarch.admission;

import io.navarch.expressions.Expressions;
import io.navarch.expressions.Program;
import io.navarch.expressions.value.Steps;
import io.navarch.model.AnyObject;
import io.navarch.model.FailurePolicy;
import io.navarch.model.MutatingAdmissionPolicy;
import io.navarch.model.MutationPatchType;
import io.navarch.model.ReinvocationPolicy;
import io.navarch.objects.ApiException;
import io.navarch.objects.Trees;
import io.navarch.objects.View;
import io.navarch.schema.patch.JsonPatch;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A policy that may change what is written, ready to be asked.
///
/// @param repeatable whether it is asked again when others have changed what it has seen
record MutatingPolicy(PolicyFacts facts, List<Change> changes, boolean repeatable) {
    /// @param patch whether it comes to operations of a JSON patch, rather than to a part of the object
    record Change(Expression expression, boolean patch) {}

    /// A change cannot be made.
    static final class FailedException extends Exception {
        FailedException(String message) {
            super(message, null, false, false);
        }
    }

    static MutatingPolicy of(String name, View view, Expressions expressions) {
        var spec = MutatingAdmissionPolicy.of(view).spec();
        var variables = NamedExpressions.of(spec.variables(), spec.paramKind().exists(), expressions);
        var scope = variables.scope();
        var facts = PolicyFacts.of(
                name,
                spec.matchConstraints(),
                spec.paramKind(),
                spec.matchConditions(),
                variables,
                spec.failurePolicy() == FailurePolicy.IGNORE);
        var changes = spec.mutations().stream()
                .map(mutation -> mutation.patchType() == MutationPatchType.JSON_PATCH
                        ? new Change(
                                Expression.of(mutation.jsonPatch().expression(), scope.comingTo("list<JSONPatch>")),
                                true)
                        : new Change(
                                Expression.of(mutation.applyConfiguration().expression(), scope.buildingObjects()),
                                false))
                .toList();
        return new MutatingPolicy(facts, changes, spec.reinvocationPolicy() == ReinvocationPolicy.IF_NEEDED);
    }

    /// The object with one change, in the form in which it is not shown.
    ///
    /// @param variables of the call, with the parameter
    /// @param steps what all expressions of the call may take
    /// @throws FailedException when an expression fails, or what it comes to does not fit
    Map<String, Object> apply(Change change, Shown shown, Map<String, @Nullable Object> variables, Steps steps)
            throws FailedException {
        var tree = value(change, variables, steps);
        var object = shown.object().map();
        var forms = shown.call().forms();
        try {
            if (change.patch)
                return forms.take(View.of(JsonPatch.apply(object, tree)).map(), shown.as());
            var part = View.of(tree).map();
            part.put(AnyObject.API_VERSION, shown.as().type().apiVersion());
            part.put(AnyObject.KIND, shown.as().type().kind());
            return forms.take(forms.merge(object, part, shown.as()), shown.as());
        } catch (JsonPatch.TestFailedException e) {
            return forms.take(View.of(Trees.copy(object)).map(), shown.as());
        } catch (JsonPatch.UnfitException e) {
            throw new FailedException("JSON Patch: " + e.why());
        } catch (IllegalArgumentException e) {
            throw new FailedException("error applying patch: " + e.getMessage());
        } catch (ApiException e) {
            // What is no object of the kind any more is nobody's policy.
            if (e.reason() == ApiException.Reason.INTERNAL_ERROR) throw e;
            throw new FailedException("JSON Patch: " + e.getMessage());
        }
    }

    private @Nullable Object value(Change change, Map<String, @Nullable Object> variables, Steps steps)
            throws FailedException {
        var cost = new Cost(Cost.OF_POLICY, steps);
        try {
            return switch (change.expression.evaluate(facts.variables().with(variables, cost), cost)) {
                case Expression.Outcome.Value value -> value.result().tree();
                case Expression.Outcome.Failed failed -> throw new FailedException(failed.told());
            };
        } catch (Cost.SpentException | Program.EvaluationException e) {
            throw new FailedException(String.valueOf(e.getMessage()));
        }
    }
}
