/** The page begins here. */

import "./style/tokens.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/tables.css";
import "./style/views.css";
import "./course/course.css";
import "./operators/operators.css";
import { render } from "preact";
import { Shell } from "./app/shell";

const page = document.getElementById("page");
if (page !== null) render(<Shell />, page);
