package io.navarch.expressions.evaluation;

import io.navarch.expressions.function.Showing;
import io.navarch.expressions.value.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `[a, b, ?c]`
///
/// @param optional which elements may be missing
record ListLiteral(List<Step> elements, Set<Integer> optional) implements Step {
    private static final int COST = 10;

    @Override
    public Object run(Frame frame) {
        var list = list(frame);
        frame.budget.spend(COST);
        return list;
    }

    Object list(Frame frame) {
        frame.budget.steps(elements.size());
        var list = new ArrayList<Object>();
        for (int i = 0; i < elements.size(); i++) {
            var value = elements.get(i).run(frame);
            if (value instanceof Failure) return value;
            if (!optional.contains(i)) list.add(value);
            else if (value instanceof Optional<?> maybe) maybe.ifPresent(list::add);
            else
                return new Failure(
                        "cannot initialize optional list element from non-optional value " + Showing.of(value));
        }
        return list;
    }
}
