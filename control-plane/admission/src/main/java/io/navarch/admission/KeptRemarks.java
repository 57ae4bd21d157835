package io.navarch.admission;

import io.navarch.apiserver.admission.Remarks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Remarks of another thread than the one that serves the call, until that can be told.
final class KeptRemarks implements Remarks {
    private final List<Consumer<Remarks>> all = new ArrayList<>();

    @Override
    public void warn(String text) {
        all.add(remarks -> remarks.warn(text));
    }

    @Override
    public void annotate(String key, String value) {
        all.add(remarks -> remarks.annotate(key, value));
    }

    void tell(Remarks remarks) {
        for (var each : all) each.accept(remarks);
    }
}
