"""What generated code sees: charts as data, named maths, and the call that gives the answer.

The modules hold plain top-level definitions over the standard library, numpy and pandas (Pillow
in `pictures` and `session` only), with imports at the top and one explicit piece of state,
`desk.DESK`. So a script that stands alone can be made by writing the definitions that it uses into
it: read the rows of chart.csv, build `ChartView(rows, title=…, …)`, go on as in the session.
Without a session `answer` prints, and `reread` finds nothing.
"""
