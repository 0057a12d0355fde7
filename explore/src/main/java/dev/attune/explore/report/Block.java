package dev.attune.explore.report;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Something in a section. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Bars.class, name = "bars"),
    @JsonSubTypes.Type(value = Lines.class, name = "lines"),
    @JsonSubTypes.Type(value = Scatter.class, name = "scatter"),
    @JsonSubTypes.Type(value = Matrix.class, name = "matrix"),
    @JsonSubTypes.Type(value = Threshold.class, name = "threshold"),
    @JsonSubTypes.Type(value = DataTable.class, name = "table"),
    @JsonSubTypes.Type(value = Code.class, name = "code")
})
public sealed interface Block permits Chart, DataTable, Code {
    String title();
}
