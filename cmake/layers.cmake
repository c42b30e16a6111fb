# The house as data: what each module may include. Read top to bottom: a module sees
# only what stands below it. ARCHITECTURE.md draws the same table; a module that links
# something not listed here fails at configure time.
set(VP_ALLOWED_base      "")
set(VP_ALLOWED_runtime   base)
set(VP_ALLOWED_metrics   base runtime)
set(VP_ALLOWED_criteria  base metrics)
set(VP_ALLOWED_recording base)
set(VP_ALLOWED_search    base metrics criteria)
set(VP_ALLOWED_document  base)
set(VP_ALLOWED_schema    base document)
set(VP_ALLOWED_extract   base)
set(VP_ALLOWED_script    base)
set(VP_ALLOWED_data      base)
set(VP_ALLOWED_api       base runtime metrics)
set(VP_ALLOWED_engine    base runtime metrics criteria api)
set(VP_ALLOWED_http      base runtime metrics api)
set(VP_ALLOWED_plan      base runtime metrics criteria document schema extract script data api engine)
set(VP_ALLOWED_http_plan base runtime metrics criteria document schema extract data api engine plan http)
set(VP_ALLOWED_report    base runtime metrics criteria search api engine)
set(VP_ALLOWED_console   base runtime metrics criteria search api engine report)
set(VP_ALLOWED_junit     base criteria metrics)
set(VP_ALLOWED_app       base runtime metrics criteria recording search document schema extract script data api
                         engine plan http http_plan report console junit)
