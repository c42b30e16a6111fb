# The house as data: what each module may include. Read top to bottom: a module sees
# only what stands below it. ARCHITECTURE.md draws the same table; a module that links
# something not listed here fails at configure time.
set(VP_ALLOWED_base      "")
set(VP_ALLOWED_runtime   base)
set(VP_ALLOWED_metrics   base runtime)
set(VP_ALLOWED_criteria  base metrics)
set(VP_ALLOWED_recording base)
set(VP_ALLOWED_search    base metrics criteria)
set(VP_ALLOWED_api       base runtime metrics)
set(VP_ALLOWED_engine    base runtime metrics criteria api)
set(VP_ALLOWED_http      base runtime metrics api)
set(VP_ALLOWED_report    base runtime metrics criteria search api engine)
set(VP_ALLOWED_console   base runtime metrics criteria search api engine report)
set(VP_ALLOWED_app       base runtime metrics criteria recording search api engine report console)
